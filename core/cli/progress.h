// How far long work has come: a bar that redraws itself on a terminal, a plain
// line now and then elsewhere.

#ifndef UNNOISE_CLI_PROGRESS_H_
#define UNNOISE_CLI_PROGRESS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "core/cli/command.h"

namespace unnoise {

class ProgressMeter {
 public:
  // Counts from `first` to `total` in `unit`s ("steps"). A quiet meter prints
  // nothing.
  ProgressMeter(Context& context, std::string_view unit, int64_t first,
                int64_t total, bool quiet);
  ProgressMeter(const ProgressMeter&) = delete;
  ProgressMeter& operator=(const ProgressMeter&) = delete;
  // Takes the bar off the screen.
  ~ProgressMeter();

  // `note` is shown beside the numbers ("loss 0.41"). Call as often as you
  // like: most calls only look at the clock. Returns the seconds since the
  // meter was made; while the clock runs backwards, none pass.
  double Update(int64_t done, std::string_view note_name = "", double note = 0);

 private:
  void Print(int64_t done, std::string_view note_name, double note);

  Context& context_;
  std::string unit_;
  int64_t total_;
  bool quiet_;
  double looked_at_;    // the clock
  double seconds_ = 0;  // that have passed
  double printed_at_ = 0;
  int64_t printed_done_;
  double speed_ = 0;  // per second, smoothed
  bool bar_on_screen_ = false;
};

// 1234567 -> "1,234,567".
std::string WithCommas(int64_t number);
// "8 s", "2 min 5 s", "3 h 4 min".
std::string Duration(double seconds);
// Three significant digits: "0.413".
std::string Brief(double number);

}  // namespace unnoise

#endif  // UNNOISE_CLI_PROGRESS_H_
