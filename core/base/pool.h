// Threads that share the work of one caller. Work comes in numbered parts that
// are independent of each other, so it does not matter which thread does which,
// nor when: results never depend on the number of threads. Not here: how work
// is cut into parts, which is for those to say who know it.

#ifndef UNNOISE_BASE_POOL_H_
#define UNNOISE_BASE_POOL_H_

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace unnoise {

class Pool {
 public:
  static constexpr int kMaxThreads = 256;
  // More parts than threads, so that a thread that is held up keeps the others
  // waiting for one part only.
  static constexpr int kPartsPerThread = 4;

  // `threads` in [1, kMaxThreads] counts the caller: 1 starts none. Throws
  // UsageError, and std::system_error if the system refuses a thread.
  explicit Pool(int threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls body(part) once for each part in [0, parts), on any threads and in
  // any order, and returns when all are done. Threads prefer the same share of
  // the parts in every job, so that what they wrote in one is in their caches
  // in the next; whoever is done takes what others have not begun. If some
  // throw, one of these exceptions goes on to the caller. Allocates nothing.
  // From within a part, or while another thread is inside, the parts run one
  // after the other on the caller.
  template <class F>
  void Run(int64_t parts, const F& body) {
    RunParts(parts, &body, [](const void* f, int64_t part) {
      (*static_cast<const F*>(f))(part);
    });
  }

  // Calls body(begin, end) on ranges that make up [0, n), none smaller than
  // about `grain` >= 1: what is worth handing to another thread. Ranges begin
  // at multiples of kRangeStart.
  static constexpr int64_t kRangeStart = 64;
  template <class F>
  void ForRanges(int64_t n, int64_t grain, const F& body) {
    const int64_t parts =
        std::min<int64_t>(n / grain, kPartsPerThread * threads());
    if (threads() == 1 || parts < 2) {
      body(int64_t{0}, n);
      return;
    }
    const int64_t size =
        ((n + parts - 1) / parts + kRangeStart - 1) / kRangeStart * kRangeStart;
    Run((n + size - 1) / size, [&](int64_t part) {
      body(part * size, std::min(n, (part + 1) * size));
    });
  }

 private:
  using Call = void (*)(const void* body, int64_t part);

  // The parts of a job are taken in runs, as many as an open bit can name.
  static constexpr int kMaxRuns = 64;

  void RunParts(int64_t parts, const void* body, Call call);
  bool TakeRun(int thread);
  void Work(int thread);
  void Stop();

  // A bit for each run of the job that nobody has taken. Whoever clears one has
  // taken that run, and may read what follows: until it is done, that stays.
  std::atomic<uint64_t> open_{0};
  std::atomic<int> runs_{0};
  int64_t parts_ = 0;
  const void* body_ = nullptr;
  Call call_ = nullptr;
  // Runs not done yet, on a cache line of its own.
  alignas(64) std::atomic<int> left_{0};
  std::atomic<bool> busy_{false};

  alignas(64) std::mutex mutex_;
  std::exception_ptr error_;  // behind mutex_
  std::condition_variable wake_;
  std::atomic<int> asleep_{0};
  std::atomic<bool> stop_{false};
  std::vector<std::thread> workers_;
};

// A pool of the caller alone; it has no state, so all may share it.
Pool& SerialPool();

// How many threads to use where nobody says: those of the machine, but no more
// than the layers of an ordinary network keep busy.
int DefaultThreads();

}  // namespace unnoise

#endif  // UNNOISE_BASE_POOL_H_
