// The procedures above FileSystem, and what its errors mean in words.

#include "core/cli/files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "core/cli/command.h"

namespace unnoise {
namespace {

void Require(int error, const std::string& path) {
  if (error != 0) throw Failure{kExitFile, {FileProblem(path, error)}};
}

}  // namespace

Problem FileProblem(const std::string& path, int error) {
  const auto problem = [&](const char* message) {
    return Problem{path, message};
  };
  switch (error) {
    case ENOENT:
      return problem("there is no such file or folder; check the name.");
    case EACCES:
    case EPERM:
      return problem(
          "permission denied; choose a place that you may use, or change its "
          "permissions.");
    case ENOSPC:
    case EDQUOT:
      return problem("no space is left; free some, or choose another disk.");
    case EROFS:
      return problem("the disk is read-only; choose another place.");
    case EIO:
      return problem(
          "the disk reports an error; check it, or choose another disk.");
    case ENOTDIR:
      return problem("a part of the path is not a folder; check the name.");
    case EISDIR:
      return problem("this is a folder; name a file.");
    case EEXIST:
    case ENOTEMPTY:
      return problem("something stands there already; choose another name.");
    case ENAMETOOLONG:
      return problem("the name is too long; choose a shorter one.");
    case EFBIG:
      return problem("the file is too large; give a smaller one.");
    case ELOOP:
      return problem("the links go in a circle; check the name.");
    case EMFILE:
    case ENFILE:
      return problem("too many files are open; close some and try again.");
    case EXDEV:
      return problem("the folder lies on two disks; choose another place.");
    default:
      return {path, std::string(std::strerror(error)) +
                        "; check the place and try again."};
  }
}

FileStatus StatusOf(FileSystem& files, const std::string& path) {
  FileStatus status;
  Require(files.Status(path, status), path);
  return status;
}

std::string ReadFile(FileSystem& files, const std::string& path,
                     int64_t limit) {
  switch (StatusOf(files, path).kind) {
    case FileKind::kNone:
      Require(ENOENT, path);
      break;
    case FileKind::kFolder:
      Require(EISDIR, path);
      break;
    case FileKind::kOther:
      throw Failure{kExitFile,
                    {{path, "this is not a regular file; name one."}}};
    case FileKind::kFile:
      break;
  }
  std::string bytes;
  Require(files.Read(path, limit, bytes), path);
  return bytes;
}

void AppendToFile(FileSystem& files, const std::string& path,
                  std::string_view bytes) {
  Require(files.Append(path, bytes), path);
}

void MakeFolders(FileSystem& files, const std::string& path) {
  if (StatusOf(files, path).kind == FileKind::kFolder) return;
  const std::string above = FolderOf(path);
  if (above != path) MakeFolders(files, above);
  const int error = files.MakeFolder(path);
  // Somebody else may have made it in between.
  if (error == EEXIST && StatusOf(files, path).kind == FileKind::kFolder) {
    return;
  }
  Require(error, path);
}

AtomicFile::AtomicFile(FileSystem& files, std::string path)
    : files_(files),
      path_(std::move(path)),
      partial_(path_ + std::string(kPartialSuffix)) {
  const FileKind kind = StatusOf(files_, path_).kind;
  if (kind == FileKind::kFolder) Require(EISDIR, path_);
  if (kind == FileKind::kOther) {
    throw Failure{kExitFile,
                  {{path_, "this is not a regular file; name one."}}};
  }
  if (StatusOf(files_, partial_).kind == FileKind::kFolder) {
    Require(EEXIST, partial_);
  }
  const int error = files_.Write(partial_, "");
  if (error != 0) {
    files_.Remove(partial_);
    Require(error, path_);
  }
}

AtomicFile::~AtomicFile() {
  if (!committed_) files_.Remove(partial_);
}

void AtomicFile::Append(std::string_view bytes) {
  Require(files_.Append(partial_, bytes), path_);
}

void AtomicFile::Commit() {
  Require(files_.Sync(partial_), path_);
  Require(files_.Rename(partial_, path_), path_);
  committed_ = true;
  Require(files_.Sync(FolderOf(path_)), FolderOf(path_));
}

void WriteAtomically(FileSystem& files, const std::string& path,
                     std::string_view bytes) {
  AtomicFile file(files, path);
  file.Append(bytes);
  file.Commit();
}

FolderLock::FolderLock(FileSystem& files, const std::string& folder)
    : files_(files), path_(JoinPath(folder, kLockFile)) {
  switch (const int error = files_.Lock(path_, handle_)) {
    case 0:
      state_ = State::kHeld;
      break;
    case EWOULDBLOCK:
      state_ = State::kTaken;
      break;
    case ENOTSUP:
      state_ = State::kUnknown;
      break;
    default:
      throw Failure{kExitFile, {FileProblem(path_, error)}};
  }
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : files_(other.files_),
      path_(std::move(other.path_)),
      state_(other.state_),
      handle_(std::exchange(other.handle_, -1)) {}

FolderLock::~FolderLock() {
  if (handle_ >= 0) files_.Unlock(path_, handle_);
}

void FolderLock::MovedTo(const std::string& folder) {
  path_ = JoinPath(folder, kLockFile);
}

std::string NormalPath(std::string_view path) {
  return std::filesystem::path(path).lexically_normal().string();
}

std::string JoinPath(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.empty() && path.back() != '/') path += '/';
  return path += name;
}

std::string TrimSlashes(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return std::string(path);
}

std::string FolderOf(std::string_view path) {
  const std::string trimmed = TrimSlashes(path);
  const size_t slash = trimmed.rfind('/');
  if (slash == trimmed.npos) return ".";
  return slash == 0 ? "/" : TrimSlashes(trimmed.substr(0, slash));
}

}  // namespace unnoise
