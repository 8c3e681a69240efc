// Lines of metrics, written and read.

#include "core/run/metrics.h"

#include <cmath>

#include "core/base/json.h"

namespace unnoise {
namespace {

constexpr int kFormat = 1;
constexpr char kFormatKey[] = "format";
constexpr double kMaxStep = 9007199254740991.0;  // 2^53 - 1

// A finite number of that name, or NaN.
double NumberIn(const Json& json, std::string_view name) {
  const Json* value = json.Find(name);
  const double* number = value ? value->AsNumber() : nullptr;
  return number ? *number : std::nan("");
}

bool ReadLine(const Json& json, MetricsLine& line) {
  const double step = NumberIn(json, "step");
  if (!(step >= 0 && step <= kMaxStep && step == std::floor(step))) {
    return false;
  }
  line = {static_cast<int64_t>(step), NumberIn(json, "loss"),
          NumberIn(json, "rate"), NumberIn(json, "grad_norm"),
          NumberIn(json, "seconds")};
  return std::isfinite(line.loss) && std::isfinite(line.rate) &&
         std::isfinite(line.grad_norm) && std::isfinite(line.seconds);
}

}  // namespace

bool IsNoted(int64_t step) {
  return step <= 100 || (step <= 1000 && step % 10 == 0) || step % 100 == 0;
}

MetricsLine LineOf(const Progress& progress, double seconds) {
  return {progress.step, progress.loss, progress.rate, progress.grad_norm,
          seconds};
}

std::string MetricsHeader() {
  return Write(Json::Object{{kFormatKey, kFormat}}) + '\n';
}

std::string WriteMetrics(std::span<const MetricsLine> lines) {
  std::string text;
  for (const MetricsLine& line : lines) {
    text += Write(Json::Object{{"step", line.step},
                               {"loss", line.loss},
                               {"rate", line.rate},
                               {"grad_norm", line.grad_norm},
                               {"seconds", line.seconds}}) +
            '\n';
  }
  return text;
}

Result<MetricsLines> ReadMetrics(std::string_view text, std::string_view where,
                                 int64_t last) {
  MetricsLines metrics;
  bool first = true;
  for (size_t end; (end = text.find('\n', metrics.bytes)) != text.npos;
       metrics.bytes = end + 1, first = false) {
    const Result<Json> json =
        ParseJson(text.substr(metrics.bytes, end - metrics.bytes), where);
    if (!json.ok()) break;
    if (const Json* format = first ? json->Find(kFormatKey) : nullptr) {
      const double* number = format->AsNumber();
      if (number == nullptr || !(*number >= 1)) break;
      if (*number > kFormat) {
        return Problem{std::string(where),
                       "these metrics have format " + Write(*format) +
                           ", and this program reads up to " +
                           std::to_string(kFormat) +
                           "; use a newer version of unnoise."};
      }
      continue;
    }
    MetricsLine line;
    if (!ReadLine(*json, line) || line.step > last) break;
    if (!metrics.lines.empty() && line.step <= metrics.lines.back().step) break;
    metrics.lines.push_back(line);
  }
  return metrics;
}

std::vector<MetricsLine> Thinned(std::span<const MetricsLine> lines,
                                 size_t count) {
  const size_t stride = (lines.size() + count - 1) / count;
  std::vector<MetricsLine> kept;
  for (size_t i = 0; i < lines.size(); ++i) {
    if ((lines.size() - 1 - i) % stride == 0) kept.push_back(lines[i]);
  }
  return kept;
}

}  // namespace unnoise
