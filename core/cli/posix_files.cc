// FileSystem on POSIX.

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "core/cli/files.h"

namespace unnoise {
namespace {

// An open file, closed when it goes out of scope.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags)
      : fd_(open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  // Reports what a close alone finds out, such as a full quota.
  int Close() {
    const int result = close(fd_);
    fd_ = -1;
    return result == 0 || errno == EINTR ? 0 : errno;
  }

 private:
  int fd_;
};

int ErrorOf(int result) { return result == 0 ? 0 : errno; }

class PosixFileSystem final : public FileSystem {
 public:
  int Status(const std::string& path, FileStatus& status) override {
    struct stat found;
    status = {};
    if (stat(path.c_str(), &found) != 0) return errno == ENOENT ? 0 : errno;
    if (S_ISREG(found.st_mode)) {
      status = {FileKind::kFile, static_cast<int64_t>(found.st_size)};
    } else {
      status.kind =
          S_ISDIR(found.st_mode) ? FileKind::kFolder : FileKind::kOther;
    }
    return 0;
  }

  int Read(const std::string& path, int64_t limit,
           std::string& bytes) override {
    bytes.clear();
    Descriptor file(path, O_RDONLY);
    struct stat found;
    if (!file.ok() || fstat(file.get(), &found) != 0) return errno;
    if (found.st_size > limit) return EFBIG;
    bytes.reserve(static_cast<size_t>(found.st_size));
    char block[1 << 16];
    for (;;) {
      const ssize_t count = read(file.get(), block, sizeof block);
      if (count == 0) return 0;
      if (count < 0) {
        if (errno == EINTR) continue;
        return errno;
      }
      bytes.append(block, static_cast<size_t>(count));
      if (static_cast<int64_t>(bytes.size()) > limit) return EFBIG;
    }
  }

  int Write(const std::string& path, std::string_view bytes) override {
    return WriteWith(O_TRUNC, path, bytes);
  }
  int Append(const std::string& path, std::string_view bytes) override {
    return WriteWith(O_APPEND, path, bytes);
  }
  int Truncate(const std::string& path, int64_t size) override {
    return ErrorOf(truncate(path.c_str(), static_cast<off_t>(size)));
  }

  int Sync(const std::string& path) override {
    Descriptor file(path, O_RDONLY);
    if (!file.ok()) return errno;
    if (fsync(file.get()) == 0) return 0;
    // Some file systems cannot sync a folder; there is nothing better to do.
    return errno == EINVAL ? 0 : errno;
  }

  int MakeFolder(const std::string& path) override {
    return ErrorOf(mkdir(path.c_str(), 0777));
  }
  int Rename(const std::string& from, const std::string& to) override {
    return ErrorOf(std::rename(from.c_str(), to.c_str()));
  }
  int Remove(const std::string& path) override {
    return ErrorOf(std::remove(path.c_str()));
  }

  int List(const std::string& path, std::vector<std::string>& names) override {
    names.clear();
    DIR* folder = opendir(path.c_str());
    if (folder == nullptr) return errno;
    errno = 0;
    while (const dirent* entry = readdir(folder)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    const int error = errno;
    closedir(folder);
    std::sort(names.begin(), names.end());
    return error;
  }

 private:
  static int WriteWith(int flag, const std::string& path,
                       std::string_view bytes) {
    Descriptor file(path, O_WRONLY | O_CREAT | flag);
    if (!file.ok()) return errno;
    while (!bytes.empty()) {
      const ssize_t count = write(file.get(), bytes.data(), bytes.size());
      if (count < 0) {
        if (errno == EINTR) continue;
        return errno;
      }
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return file.Close();
  }
};

}  // namespace

FileSystem& PosixFiles() {
  static PosixFileSystem files;
  return files;
}

}  // namespace unnoise
