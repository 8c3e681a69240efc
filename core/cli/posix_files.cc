// FileSystem on POSIX.

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

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

  int ReadPart(const std::string& path, int64_t offset, int64_t size,
               std::string& bytes) override {
    bytes.assign(static_cast<size_t>(size), '\0');
    Descriptor file(path, O_RDONLY);
    if (!file.ok()) return errno;
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t count =
          pread(file.get(), bytes.data() + done, bytes.size() - done,
                static_cast<off_t>(offset) + static_cast<off_t>(done));
      if (count == 0) break;
      if (count > 0) {
        done += static_cast<size_t>(count);
      } else if (errno != EINTR) {
        return errno;
      }
    }
    bytes.resize(done);
    return 0;
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
  int Exchange(const std::string& one, const std::string& other) override {
#ifdef RENAME_EXCHANGE
    return ErrorOf(renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(),
                             RENAME_EXCHANGE));
#else
    static_cast<void>(one), static_cast<void>(other);
    return ENOSYS;
#endif
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

  int Resolve(const std::string& path, std::string& place) override {
    char* const found = realpath(path.c_str(), nullptr);
    if (found == nullptr) return errno;
    place = found;
    std::free(found);
    return 0;
  }

  // flock, not fcntl: it belongs to the open file, so that neither another part
  // of this program can take it nor a close of the same file lose it.
  int Lock(const std::string& path, int& handle) override {
    for (;;) {
      const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
      if (fd < 0) return errno;
      if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        const int error = errno;
        if (error != EINTR && error != EWOULDBLOCK)
          Unlock(path, fd);
        else
          close(fd);
        if (error == EINTR) continue;
        return error == ENOLCK || error == ENOSYS || error == EINVAL ? ENOTSUP
                                                                     : error;
      }
      if (IsAt(path, fd)) {
        handle = fd;
        return 0;
      }
      close(fd);  // it was removed, with its folder or by its last holder
    }
  }
  void Unlock(const std::string& path, int handle) override {
    if (IsAt(path, handle)) unlink(path.c_str());
    close(handle);
  }

 private:
  // Whether the open file is the one that stands at the path.
  static bool IsAt(const std::string& path, int fd) {
    struct stat there, opened;
    return stat(path.c_str(), &there) == 0 && fstat(fd, &opened) == 0 &&
           there.st_dev == opened.st_dev && there.st_ino == opened.st_ino;
  }

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
