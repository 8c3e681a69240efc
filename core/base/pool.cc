#include "core/base/pool.h"

#include <utility>

#include "core/base/check.h"

namespace unnoise {
namespace {

// A layer of 128 units has four panels of columns (backend/partition.h).
constexpr int kDefaultMost = 4;

// A ticket holds the number of parts above that of the next part.
constexpr int kPartBits = 16;
constexpr uint32_t kMaxParts = (uint32_t{1} << kPartBits) - 1;

// Looks that a thread takes at a word before it sleeps, or lets others run:
// some 0.1 ms, about what a step does between two jobs. Waking takes as long.
constexpr int kLooks = 4000;

uint32_t PartsOf(uint32_t ticket) { return ticket >> kPartBits; }
uint32_t NextOf(uint32_t ticket) { return ticket & kMaxParts; }

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
    for (int i = 1; i < threads; ++i) workers_.emplace_back([this] { Work(); });
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
  Check(parts <= kMaxParts, "a job has at most 65535 parts");
  if (workers_.empty() || parts < 2 ||
      busy_.exchange(true, std::memory_order_acquire)) {
    for (int64_t part = 0; part < parts; ++part) call(body, part);
    return;
  }
  body_ = body;
  call_ = call;
  left_.store(parts, std::memory_order_relaxed);
  // In one total order with the words of Work(): either a worker that is about
  // to sleep sees the ticket, or this sees the worker.
  ticket_.store(static_cast<uint32_t>(parts) << kPartBits,
                std::memory_order_seq_cst);
  if (asleep_.load(std::memory_order_seq_cst) > 0) {
    { const std::lock_guard lock(mutex_); }
    wake_.notify_all();
  }
  while (TakePart()) {
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

bool Pool::HasParts() const {
  const uint32_t ticket = ticket_.load(std::memory_order_seq_cst);
  return NextOf(ticket) < PartsOf(ticket);
}

// Does one part of the job, if there is one left to take.
bool Pool::TakePart() {
  uint32_t ticket = ticket_.load(std::memory_order_relaxed);
  do {
    if (NextOf(ticket) >= PartsOf(ticket)) return false;
  } while (!ticket_.compare_exchange_weak(ticket, ticket + 1,
                                          std::memory_order_acquire,
                                          std::memory_order_relaxed));
  try {
    call_(body_, NextOf(ticket));
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::current_exception();
  }
  left_.fetch_sub(1, std::memory_order_release);
  return true;
}

// The life of a worker.
void Pool::Work() {
  int looks = 0;
  while (!stop_.load(std::memory_order_relaxed)) {
    if (TakePart()) {
      looks = 0;
    } else if (++looks < kLooks) {
      Relax();
    } else {
      std::unique_lock lock(mutex_);
      asleep_.fetch_add(1, std::memory_order_seq_cst);
      wake_.wait(lock, [this] { return stop_ || HasParts(); });
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
