// The only way from the command line to the disk. FileSystem is the seam at
// which tests inject faults: its calls are as small as the system's own, and
// the procedures that keep data safe are written once, above it.

#ifndef UNNOISE_CLI_FILES_H_
#define UNNOISE_CLI_FILES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"

namespace unnoise {

enum class FileKind { kNone, kFile, kFolder, kOther };

struct FileStatus {
  FileKind kind = FileKind::kNone;
  int64_t size = 0;  // of a file
};

// Every call returns 0 or an errno.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // What stands at the path, links followed. That nothing does is no error.
  virtual int Status(const std::string& path, FileStatus& status) = 0;
  // The whole file; EFBIG if it has more than `limit` bytes.
  virtual int Read(const std::string& path, int64_t limit,
                   std::string& bytes) = 0;
  // Bytes [offset, offset + size) of a file, fewer where it ends before.
  virtual int ReadPart(const std::string& path, int64_t offset, int64_t size,
                       std::string& bytes) = 0;
  // Makes the file hold `bytes`; what it held is gone even if this fails.
  virtual int Write(const std::string& path, std::string_view bytes) = 0;
  // Adds bytes at the end, some of them even if this fails. Makes the file.
  virtual int Append(const std::string& path, std::string_view bytes) = 0;
  virtual int Truncate(const std::string& path, int64_t size) = 0;
  // Waits until a file, or the names in a folder, are on the disk.
  virtual int Sync(const std::string& path) = 0;
  // EEXIST if something stands there.
  virtual int MakeFolder(const std::string& path) = 0;
  // Replaces a file at `to` in one go; a folder only if it is empty.
  virtual int Rename(const std::string& from, const std::string& to) = 0;
  // Two names of one folder change places in one go. An error where the system
  // or the disk knows no such thing.
  virtual int Exchange(const std::string& one, const std::string& other) = 0;
  // A file or an empty folder.
  virtual int Remove(const std::string& path) = 0;
  // Names in a folder, sorted, without "." and "..".
  virtual int List(const std::string& path,
                   std::vector<std::string>& names) = 0;
  // The place itself of something that stands there, without links.
  virtual int Resolve(const std::string& path, std::string& place) = 0;
  // Makes the file at `path` if it is missing, and locks it against every other
  // program that asks; the lock ends with the process, however that ends.
  // EWOULDBLOCK if it is locked already, ENOTSUP if the disk has no locks.
  virtual int Lock(const std::string& path, int& handle) = 0;
  // Ends the lock; removes the file if it still stands at `path`.
  virtual void Unlock(const std::string& path, int handle) = 0;
};

// The machine's own.
FileSystem& PosixFiles();

// What an errno means for the file at `path`, and what to do about it.
Problem FileProblem(const std::string& path, int error);

// The following throw Failure (command.h) with exit code 4 and a problem that
// names the path.

FileStatus StatusOf(FileSystem& files, const std::string& path);

// A regular file of at most `limit` bytes.
std::string ReadFile(FileSystem& files, const std::string& path, int64_t limit);

void AppendToFile(FileSystem& files, const std::string& path,
                  std::string_view bytes);

// Makes the folder and those above it that are missing.
void MakeFolders(FileSystem& files, const std::string& path);

// A file that appears whole or not at all: bytes go to PATH.partial, and
// Commit gives it its name once they are on the disk. Without Commit nothing is
// left behind and a file of that name stays as it was.
class AtomicFile {
 public:
  // Refuses a path where something other than a file stands.
  AtomicFile(FileSystem& files, std::string path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void Append(std::string_view bytes);
  void Commit();

 private:
  FileSystem& files_;
  std::string path_;
  std::string partial_;
  bool committed_ = false;
};

void WriteAtomically(FileSystem& files, const std::string& path,
                     std::string_view bytes);

// A lock on a folder: the file "lock" in it, held while this lives.
class FolderLock {
 public:
  enum class State { kHeld, kTaken, kUnknown };

  // kTaken: another program holds it. kUnknown: the disk has no locks.
  // Everything else that fails is thrown.
  FolderLock(FileSystem& files, const std::string& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

  State state() const { return state_; }
  // The folder has another name now.
  void MovedTo(const std::string& folder);

 private:
  FileSystem& files_;
  std::string path_;
  State state_;
  int handle_ = -1;
};

// "a/b" from "a" and "b".
std::string JoinPath(std::string_view folder, std::string_view name);
// "a" of "a/b", "." of "b", "/" of "/b". Trailing slashes do not count.
std::string FolderOf(std::string_view path);
// The same for all names of one place that differ in dots and slashes alone.
std::string NormalPath(std::string_view path);
// The path without trailing slashes.
std::string TrimSlashes(std::string_view path);

inline constexpr std::string_view kPartialSuffix = ".partial";
inline constexpr char kLockFile[] = "lock";

}  // namespace unnoise

#endif  // UNNOISE_CLI_FILES_H_
