#include "core/cli/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace unnoise {
namespace {

constexpr double kBarInterval = 0.1;  // seconds
constexpr double kLineInterval = 2;
constexpr int kBarWidth = 24;
constexpr double kNewest = 0.3;  // weight of the newest speed in the mean

}  // namespace

ProgressMeter::ProgressMeter(Context& context, std::string_view unit,
                             int64_t first, int64_t total, bool quiet)
    : context_(context),
      unit_(unit),
      total_(total),
      quiet_(quiet),
      looked_at_(context.seconds()),
      printed_done_(first) {}

ProgressMeter::~ProgressMeter() {
  if (bar_on_screen_) context_.err << "\r\x1b[K" << std::flush;
}

double ProgressMeter::Update(int64_t done, std::string_view note_name,
                             double note) {
  const double now = context_.seconds();
  seconds_ += std::max(0.0, now - looked_at_);
  looked_at_ = now;
  const double interval =
      context_.err_is_terminal ? kBarInterval : kLineInterval;
  if (!quiet_ && seconds_ - printed_at_ >= interval) {
    Print(done, note_name, note);
  }
  return seconds_;
}

void ProgressMeter::Print(int64_t done, std::string_view note_name,
                          double note) {
  const double speed =
      static_cast<double>(done - printed_done_) / (seconds_ - printed_at_);
  speed_ = speed_ == 0 ? speed : speed_ + kNewest * (speed - speed_);
  printed_at_ = seconds_;
  printed_done_ = done;

  std::string line;
  if (context_.err_is_terminal) {
    const int filled = static_cast<int>(kBarWidth * static_cast<double>(done) /
                                        static_cast<double>(total_));
    line = "\r[" + std::string(static_cast<size_t>(filled), '=') +
           std::string(static_cast<size_t>(kBarWidth - filled), ' ') + "] ";
  }
  line += WithCommas(done) + " of " + WithCommas(total_) + " " + unit_;
  if (!note_name.empty()) {
    line += "  " + std::string(note_name) + " " + Brief(note);
  }
  if (speed_ > 0) {
    line += "  " + Brief(speed_) + " " + unit_ + "/s  " +
            Duration(static_cast<double>(total_ - done) / speed_) + " left";
  }
  if (context_.err_is_terminal) {
    context_.err << line << "\x1b[K" << std::flush;
    bar_on_screen_ = true;
  } else {
    context_.err << line << std::endl;
  }
}

std::string WithCommas(int64_t number) {
  std::string text = std::to_string(number);
  for (size_t end = text.size(); end > 3;) {
    end -= 3;
    text.insert(end, 1, ',');
  }
  return text;
}

std::string Duration(double seconds) {
  const int64_t whole =
      static_cast<int64_t>(std::ceil(std::clamp(seconds, 0.0, 1e12)));
  const int64_t minutes = whole / 60;
  const int64_t hours = minutes / 60;
  if (hours > 0) {
    return WithCommas(hours) + " h " + std::to_string(minutes % 60) + " min";
  }
  if (minutes > 0) {
    return std::to_string(minutes) + " min " + std::to_string(whole % 60) +
           " s";
  }
  return std::to_string(whole) + " s";
}

std::string Brief(double number) {
  if (std::fabs(number) >= 1000 && std::fabs(number) < 1e15) {
    return WithCommas(static_cast<int64_t>(std::llround(number)));
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", number);
  return text;
}

}  // namespace unnoise
