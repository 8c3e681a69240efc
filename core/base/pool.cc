#include "core/base/pool.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"

namespace unnoise {
namespace {

// A layer of 128 units has four panels of columns (backend/partition.h).
constexpr int kDefaultMost = 4;

// Looks that a thread takes at a word before it sleeps, or lets others run:
// some 0.1 ms, about what a step does between two jobs. Waking takes as long.
constexpr int kLooks = 4000;

// The lowest `count` bits, count <= 64.
uint64_t LowBits(int count) {
  return count == 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
}

// Tells the processor that this is a loop that waits.
void Relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

}  // namespace

Pool::Pool(int threads) {
  Check(threads >= 1 && threads <= kMaxThreads, "a pool has 1 to 256 threads");
  workers_.reserve(static_cast<size_t>(threads) - 1);
  try {
    for (int i = 1; i < threads; ++i)
      workers_.emplace_back([this, i] { Work(i); });
  } catch (...) {
    Stop();
    throw;
  }
}

Pool::~Pool() { Stop(); }

void Pool::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void Pool::RunParts(int64_t parts, const void* body, Call call) {
  if (workers_.empty() || parts < 2 ||
      busy_.exchange(true, std::memory_order_acquire)) {
    for (int64_t part = 0; part < parts; ++part) call(body, part);
    return;
  }
  const int runs = static_cast<int>(std::min<int64_t>(parts, kMaxRuns));
  body_ = body;
  call_ = call;
  parts_ = parts;
  runs_.store(runs, std::memory_order_relaxed);
  left_.store(runs, std::memory_order_relaxed);
  // In one total order with the words of Work(): either a worker that is about
  // to sleep sees the bits, or this sees the worker.
  open_.store(LowBits(runs), std::memory_order_seq_cst);
  if (asleep_.load(std::memory_order_seq_cst) > 0) {
    { const std::lock_guard lock(mutex_); }
    wake_.notify_all();
  }
  while (TakeRun(0)) {
  }
  for (int looks = 0; left_.load(std::memory_order_acquire) > 0; ++looks) {
    if (looks < kLooks) {
      Relax();
    } else {
      std::this_thread::yield();
    }
  }
  const std::exception_ptr error = std::exchange(error_, nullptr);
  busy_.store(false, std::memory_order_release);
  if (error) std::rethrow_exception(error);
}

// Does one run of the job's parts, if there is one left to take: of a thread's
// own share the first, else any.
bool Pool::TakeRun(int thread) {
  int run;
  uint64_t bit;
  do {
    const uint64_t open = open_.load(std::memory_order_acquire);
    if (open == 0) return false;
    const int runs = runs_.load(std::memory_order_relaxed);
    const uint64_t own = LowBits(runs * (thread + 1) / threads()) &
                         ~LowBits(runs * thread / threads());
    const uint64_t from = (open & own) != 0 ? open & own : open;
    run = __builtin_ctzll(from);
    bit = uint64_t{1} << run;
    // Another thread may be first, or this the bit of a later job: what counts
    // is whether it was there to be cleared.
  } while ((open_.fetch_and(~bit, std::memory_order_acq_rel) & bit) == 0);
  try {
    const int64_t runs = runs_.load(std::memory_order_relaxed);
    for (int64_t part = parts_ * run / runs; part < parts_ * (run + 1) / runs;
         ++part) {
      call_(body_, part);
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::current_exception();
  }
  left_.fetch_sub(1, std::memory_order_release);
  return true;
}

// The life of a worker.
void Pool::Work(int thread) {
  int looks = 0;
  while (!stop_.load(std::memory_order_relaxed)) {
    if (TakeRun(thread)) {
      looks = 0;
    } else if (++looks < kLooks) {
      Relax();
    } else {
      std::unique_lock lock(mutex_);
      asleep_.fetch_add(1, std::memory_order_seq_cst);
      wake_.wait(lock, [this] {
        return stop_ || open_.load(std::memory_order_seq_cst) != 0;
      });
      asleep_.fetch_sub(1, std::memory_order_relaxed);
      looks = 0;
    }
  }
}

Pool& SerialPool() {
  static Pool pool(1);
  return pool;
}

int DefaultThreads() {
  const int machine = static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(machine, 1, kDefaultMost);
}

}  // namespace unnoise
