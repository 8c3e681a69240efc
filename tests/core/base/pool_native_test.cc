// The pool does every part once, whatever the number of threads, carries
// exceptions out and comes to rest. Run it under ThreadSanitizer after a change
// (core/backend/README.md).

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/base/check.h"
#include "core/base/pool.h"

namespace unnoise {
namespace {

TEST(Pool, DoesEveryPartOnce) {
  for (int threads : {1, 2, 3, 4}) {
    Pool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (int64_t parts : {0, 1, 2, 7, 1000}) {
      // No atomics: two threads on one part would be a race.
      std::vector<int> done(static_cast<size_t>(parts), 0);
      pool.Run(parts, [&](int64_t part) { ++done[part]; });
      EXPECT_EQ(done, std::vector<int>(static_cast<size_t>(parts), 1));
    }
  }
}

// Jobs of few parts in quick succession: workers come late to some.
TEST(Pool, JobsDoNotMix) {
  Pool pool(4);
  for (int64_t job = 0; job < 3000; ++job) {
    const int64_t parts = 1 + job % 5;
    int64_t seen[5] = {};
    pool.Run(parts, [&](int64_t part) { seen[part] = job + 1; });
    for (int64_t part = 0; part < 5; ++part) {
      ASSERT_EQ(seen[part], part < parts ? job + 1 : 0);
    }
  }
}

TEST(Pool, WorkersTakePartAlsoAfterASleep) {
  Pool pool(2);
  for (int round = 0; round < 3; ++round) {
    // Long enough for any worker to have gone to sleep.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::atomic<int> inside{0};
    // Each part waits for the other: only two threads can do this.
    pool.Run(2, [&](int64_t) {
      ++inside;
      while (inside < 2) std::this_thread::yield();
    });
    EXPECT_EQ(inside, 2);
  }
}

// Each thread begins with its own share, so that caches stay warm: with parts
// that last, the caller has those at the front and the worker the others.
TEST(Pool, ThreadsPreferTheirOwnShare) {
  Pool pool(2);
  for (int round = 0; round < 3; ++round) {
    std::atomic<int> inside{0};
    std::vector<std::thread::id> who(2);
    pool.Run(2, [&](int64_t part) {
      who[part] = std::this_thread::get_id();
      ++inside;
      while (inside < 2) std::this_thread::yield();
    });
    EXPECT_EQ(who[0], std::this_thread::get_id());
    EXPECT_NE(who[1], who[0]);
  }
}

// More parts than a word has bits.
TEST(Pool, TakesManyPartsInRuns) {
  Pool pool(3);
  for (int64_t parts : {63, 64, 65, 128, 1000, 100000}) {
    std::vector<int> done(static_cast<size_t>(parts), 0);
    pool.Run(parts, [&](int64_t part) { ++done[part]; });
    EXPECT_EQ(done, std::vector<int>(static_cast<size_t>(parts), 1));
  }
}

TEST(Pool, RangesMakeUpTheWhole) {
  for (int threads : {1, 2, 3}) {
    Pool pool(threads);
    for (int64_t n : {0, 1, 63, 64, 65, 1000, 4096, 100001}) {
      for (int64_t grain : {1, 64, 1000}) {
        std::vector<int> done(static_cast<size_t>(n), 0);
        std::atomic<int> ranges{0};
        pool.ForRanges(n, grain, [&](int64_t begin, int64_t end) {
          ++ranges;
          EXPECT_EQ(begin % Pool::kRangeStart, 0);
          for (int64_t i = begin; i < end; ++i) ++done[i];
        });
        EXPECT_EQ(done, std::vector<int>(static_cast<size_t>(n), 1));
        EXPECT_LE(ranges, Pool::kPartsPerThread * threads);
        if (n < 2 * grain) {
          EXPECT_EQ(ranges, 1);
        } else if (n == 100001) {
          EXPECT_GE(ranges, threads);
        }
      }
    }
  }
}

TEST(Pool, CarriesAnExceptionToTheCallerAndWorksOn) {
  for (int threads : {1, 3}) {
    Pool pool(threads);
    for (int64_t bad : {0, 5, 9}) {
      EXPECT_THROW(pool.Run(10,
                            [&](int64_t part) {
                              if (part == bad) throw std::runtime_error("part");
                            }),
                   std::runtime_error);
      std::atomic<int> done{0};
      pool.Run(10, [&](int64_t) { ++done; });
      EXPECT_EQ(done, 10);
    }
  }
}

TEST(Pool, AJobWithinAJobRunsWhereItIs) {
  Pool pool(3);
  std::vector<int> done(20 * 20, 0);
  pool.Run(20, [&](int64_t outer) {
    const auto here = std::this_thread::get_id();
    pool.Run(20, [&](int64_t inner) {
      EXPECT_EQ(std::this_thread::get_id(), here);
      ++done[outer * 20 + inner];
    });
  });
  EXPECT_EQ(done, std::vector<int>(20 * 20, 1));
}

TEST(Pool, TwoCallersDoNotDisturbEachOther) {
  Pool pool(2);
  std::atomic<int64_t> sums[2] = {0, 0};
  std::thread other([&] {
    for (int i = 0; i < 500; ++i) {
      pool.Run(10, [&](int64_t part) { sums[1] += part; });
    }
  });
  for (int i = 0; i < 500; ++i) {
    pool.Run(10, [&](int64_t part) { sums[0] += part; });
  }
  other.join();
  EXPECT_EQ(sums[0], 500 * 45);
  EXPECT_EQ(sums[1], 500 * 45);
}

TEST(Pool, EndsWhetherItsThreadsSleepOrWork) {
  for (int i = 0; i < 50; ++i) {
    Pool pool(4);
    if (i % 2) pool.Run(8, [](int64_t) {});
  }
}

TEST(Pool, RefusesNumbersOutOfRange) {
  EXPECT_THROW(Pool(0), UsageError);
  EXPECT_THROW(Pool(Pool::kMaxThreads + 1), UsageError);
  EXPECT_GE(DefaultThreads(), 1);
  EXPECT_LE(DefaultThreads(), 4);
}

}  // namespace
}  // namespace unnoise
