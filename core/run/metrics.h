// The numbers that a run notes while it trains, as lines of text: the first
// says the format, every other is one JSON object. What they are about the
// samples is core/metric's business.
//
//   {"format":1}
//   {"grad_norm":1.5,"loss":0.9,"rate":1e-05,"seconds":0.01,"step":1}

#ifndef UNNOISE_RUN_METRICS_H_
#define UNNOISE_RUN_METRICS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/run/run.h"

namespace unnoise {

struct MetricsLine {
  int64_t step = 0;
  double loss = 0;  // of the batch, before the update
  double rate = 0;
  double grad_norm = 0;  // before clipping
  double seconds = 0;    // of training, over all sittings

  bool operator==(const MetricsLine&) const = default;
};

// Whether the line of this step is kept: densely at first, where much happens,
// and the same however a run is cut, by step and never by time.
bool IsNoted(int64_t step);

MetricsLine LineOf(const Progress& progress, double seconds);

// The line that says the format, and lines after it, each with its newline.
std::string MetricsHeader();
std::string WriteMetrics(std::span<const MetricsLine> lines);

struct MetricsLines {
  std::vector<MetricsLine> lines;
  size_t bytes = 0;  // of the text, up to the end of the last line that counts
};

// The lines of a text up to step `last`: a kill may leave later ones, and torn
// ones, and nothing after those counts. A text without the line that says the
// format is of format 1; a newer format is refused.
Result<MetricsLines> ReadMetrics(std::string_view text, std::string_view where,
                                 int64_t last);

// At most `count` of them, evenly, the last one always.
std::vector<MetricsLine> Thinned(std::span<const MetricsLine> lines,
                                 size_t count);

}  // namespace unnoise

#endif  // UNNOISE_RUN_METRICS_H_
