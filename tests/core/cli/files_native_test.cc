// Files appear whole or not at all, and errors say what to do.

#include <gtest/gtest.h>

#include "core/cli/command.h"
#include "core/cli/files.h"
#include "tests/core/cli/faulty_files.h"

namespace unnoise {
namespace {

constexpr int64_t kLimit = 1000;

// The problem that a call throws.
template <class F>
Problem ProblemOf(F call) {
  try {
    call();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code, kExitFile);
    EXPECT_EQ(failure.problems.size(), 1u);
    return failure.problems.front();
  }
  ADD_FAILURE() << "nothing failed";
  return {};
}

TEST(FilesTest, SplitsPaths) {
  EXPECT_EQ(FolderOf("a/b"), "a");
  EXPECT_EQ(FolderOf("a/b//"), "a");
  EXPECT_EQ(FolderOf("b"), ".");
  EXPECT_EQ(FolderOf("/b"), "/");
  EXPECT_EQ(FolderOf("/"), "/");
  EXPECT_EQ(JoinPath("a", "b"), "a/b");
  EXPECT_EQ(JoinPath("/", "b"), "/b");
  EXPECT_EQ(TrimSlashes("a//"), "a");
  EXPECT_EQ(TrimSlashes("/"), "/");
}

TEST(FilesTest, WritesAndReads) {
  const Scratch scratch;
  FileSystem& files = PosixFiles();
  MakeFolders(files, scratch / "a/b/c/");
  const std::string path = scratch / "a/b/c/file";
  WriteAtomically(files, path, "one");
  WriteAtomically(files, path, "two");
  AppendToFile(files, path, " three");
  EXPECT_EQ(ReadFile(files, path, kLimit), "two three");
  EXPECT_EQ(StatusOf(files, path).size, 9);
  EXPECT_EQ(files.Truncate(path, 3), 0);
  EXPECT_EQ(ReadFile(files, path, 3), "two");
  std::vector<std::string> names;
  EXPECT_EQ(files.List(scratch / "a/b/c", names), 0);
  EXPECT_EQ(names, std::vector<std::string>{"file"});
}

TEST(FilesTest, AFailedWriteKeepsTheOldFile) {
  const Scratch scratch;
  const std::string path = scratch / "file";
  int failures = 0;
  for (int k = 0;; ++k) {
    FaultyFiles files;
    WriteAtomically(files, path, "the old bytes");
    files.FailAt(k, ENOSPC);
    try {
      WriteAtomically(files, path, "the new ones");
      break;  // all calls went well
    } catch (const Failure&) {
      ++failures;
    }
    files.FailAt(FaultyFiles::kNever, 0);
    const std::string found = ReadFile(files, path, kLimit);
    EXPECT_TRUE(found == "the old bytes" || found == "the new ones") << k;
    EXPECT_EQ(StatusOf(files, path + ".partial").kind, FileKind::kNone) << k;
  }
  EXPECT_EQ(failures, 5);  // create, write, sync, rename, sync of the folder
}

TEST(FilesTest, NamesPlaceReasonAndRepair) {
  const Scratch scratch;
  FaultyFiles files;
  EXPECT_NE(ProblemOf([&] {
              ReadFile(files, scratch / "none", kLimit);
            }).message.find("there is no such file"),
            std::string::npos);
  EXPECT_NE(ProblemOf([&] {
              ReadFile(files, scratch.path(), kLimit);
            }).message.find("this is a folder"),
            std::string::npos);
  EXPECT_NE(ProblemOf([&] {
              ReadFile(files, "/dev/zero", kLimit);
            }).message.find("not a regular file"),
            std::string::npos);
  const std::string path = scratch / "file";
  WriteAtomically(files, path, "four");
  EXPECT_NE(
      ProblemOf([&] { ReadFile(files, path, 3); }).message.find("too large"),
      std::string::npos);
  for (const auto& [error, words] :
       {std::pair{ENOSPC, "no space"}, std::pair{EACCES, "permission denied"},
        std::pair{EIO, "reports an error"}, std::pair{EROFS, "read-only"}}) {
    files.FailAt(0, error);
    const Problem problem =
        ProblemOf([&] { WriteAtomically(files, path, "x"); });
    EXPECT_EQ(problem.path, path);
    EXPECT_NE(problem.message.find(words), std::string::npos) << error;
  }
}

TEST(FilesTest, NeverReplacesWhatIsNoFile) {
  const Scratch scratch;
  FileSystem& files = PosixFiles();
  ProblemOf([&] { WriteAtomically(files, "/dev/null", "x"); });
  ProblemOf([&] { WriteAtomically(files, scratch.path(), "x"); });
  EXPECT_EQ(StatusOf(files, scratch.path()).kind, FileKind::kFolder);
}

}  // namespace
}  // namespace unnoise
