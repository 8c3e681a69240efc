// unnoise render: a picture of a run, still or moving, in one file.

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <ostream>

#include "core/base/nearest.h"
#include "core/cli/command.h"
#include "core/cli/interrupt.h"
#include "core/cli/progress.h"
#include "core/cli/render_input.h"
#include "core/cli/run_directory.h"
#include "core/cli/subject.h"
#include "core/picture/encode.h"
#include "core/picture/player.h"
#include "core/picture/raster.h"
#include "core/picture/svg.h"

namespace unnoise {
namespace {

enum class Format { kPng, kSvg, kGif, kHtml };
// None is the ending of a run's own files: a picture never replaces one.
constexpr std::string_view kEndings[] = {".png", ".svg", ".gif", ".html"};

enum class View { kScatter, kDensity, kLoss, kDenoising, kNoising };

// A view, its samples unless --n says otherwise, and its size in units.
struct ViewRow {
  std::string_view name;
  int64_t samples;
  double width;
  double height;
};
constexpr ViewRow kViews[] = {
    {"scatter", 1000, 800, 600}, {"density", 10000, 800, 450},
    {"loss", 0, 800, 500},       {"denoising", 600, 1200, 280},
    {"noising", 600, 1200, 280},
};
constexpr double kMovingWidth = 640, kMovingHeight = 480;

constexpr int64_t kMaxScatter = 100000;
constexpr int64_t kShownData = 1000;
constexpr int64_t kPanels = 6;
constexpr int64_t kFrames = 61;
constexpr int64_t kFps = 20;
constexpr int64_t kMaxMovingPixels = 1000000000;
// Hundredths of a second at both ends of an animation.
constexpr int kFirstHold = 60, kLastHold = 160;
// Pixels of a PNG for a unit: sharp on dense screens and on paper.
constexpr double kPngDetail = 2;
constexpr double kLeastDetail = 0.75;

// What is asked for, with its defaults.
struct Job {
  Format format;
  View view;
  int64_t n;
  int64_t frames;
  int64_t fps;
  int width;
  int height;
  double detail;
  bool dark;
  std::string note;

  const ViewRow& row() const { return kViews[static_cast<int>(view)]; }
  bool moves() const {
    return view == View::kDenoising || view == View::kNoising;
  }
};

[[noreturn]] void Refuse(std::string place, std::string message) {
  throw Failure{kExitUsage, {{std::move(place), std::move(message)}}};
}

Format FormatOf(const std::string& out) {
  if (out.empty()) {
    Refuse("--out",
           "name the file to write; its ending says what it is: "
           ".png, .svg, .gif or .html.");
  }
  std::string lower = out;
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  for (size_t i = 0; i < std::size(kEndings); ++i) {
    if (lower.ends_with(kEndings[i])) return static_cast<Format>(i);
  }
  Refuse("--out", "\"" + out +
                      "\" has none of the endings that are known; "
                      "choose from .png, .svg, .gif, .html.");
}

View ViewOf(const std::optional<std::string>& name, Format format) {
  const bool moving = format == Format::kGif || format == Format::kHtml;
  if (!name) return moving ? View::kDenoising : View::kScatter;
  std::vector<std::string_view> names;
  for (const ViewRow& row : kViews) names.push_back(row.name);
  const auto found = std::find(names.begin(), names.end(), *name);
  if (found == names.end()) {
    Refuse("--view",
           "there is no view \"" + *name + "\"; " + Suggestion(*name, names));
  }
  const auto view = static_cast<View>(found - names.begin());
  if (moving && view != View::kDenoising && view != View::kNoising) {
    Refuse("--view", *name +
                         " stands still, and gif and html move; write a "
                         ".png or .svg, or choose denoising or noising.");
  }
  return view;
}

// Options that mean nothing for this picture.
Problems Idle(const RenderOptions& options, const Job& job) {
  Problems problems;
  const auto refuse = [&](bool given, const char* name, const char* why) {
    if (given) problems.push_back({name, why});
  };
  const bool animated =
      job.format == Format::kGif || job.format == Format::kHtml;
  refuse(options.fps && !animated, "--fps",
         "this picture stands still; leave it out, or write a .gif or .html.");
  refuse(options.frames && !job.moves(), "--frames",
         "this view has one moment; leave it out, or choose --view denoising "
         "or noising.");
  refuse(options.log && job.view != View::kLoss, "--log",
         "only the loss has a logarithmic axis; leave it out, or choose "
         "--view loss.");
  refuse(options.n && job.view == View::kLoss, "--n",
         "the loss has no samples; leave it out.");
  refuse(options.seed && job.view == View::kLoss, "--seed",
         "the loss has no samples; leave it out.");
  refuse((options.width || options.height) && job.format == Format::kHtml,
         options.width ? "--width" : "--height",
         "the player fits its window; leave it out.");
  return problems;
}

void ChooseSize(const RenderOptions& options, Job& job) {
  const bool gif = job.format == Format::kGif;
  const double width = gif ? kMovingWidth : job.row().width;
  const double height = gif ? kMovingHeight : job.row().height;
  const double detail = job.format == Format::kPng ? kPngDetail : 1;
  double wide = detail * width, tall = detail * height;
  if (options.width) wide = static_cast<double>(*options.width);
  if (options.height) tall = static_cast<double>(*options.height);
  // One given, the other keeps the proportion.
  if (options.width && !options.height) tall = wide * height / width;
  if (options.height && !options.width) wide = tall * width / height;
  job.width = static_cast<int>(std::floor(wide + 0.5));
  job.height = static_cast<int>(std::floor(tall + 0.5));
  // In quarters, so that thin lines are whole pixels more often.
  const double fit = std::min(wide / width, tall / height);
  job.detail = std::max(kLeastDetail, std::floor(4 * fit + 0.5) / 4);
}

Job JobOf(const RenderOptions& options) {
  Job job{};
  job.format = FormatOf(options.out);
  job.view = ViewOf(options.view, job.format);
  const bool still = job.format == Format::kPng || job.format == Format::kSvg;
  job.n = options.n.value_or(job.row().samples);
  job.frames = options.frames.value_or(still ? kPanels : kFrames);
  job.fps = options.fps.value_or(kFps);
  if (options.theme && *options.theme != "light" && *options.theme != "dark") {
    Refuse("--theme", "found \"" + *options.theme +
                          "\"; choose from light, "
                          "dark.");
  }
  job.dark = options.theme == "dark";
  ChooseSize(options, job);
  Problems problems = Idle(options, job);
  if (job.view == View::kScatter && job.n > kMaxScatter) {
    problems.push_back({"--n", "more than " + WithCommas(kMaxScatter) +
                                   " points cannot be told apart; give fewer, "
                                   "or choose --view density."});
  }
  if (job.format == Format::kGif &&
      int64_t{job.width} * job.height > kMaxMovingPixels / job.frames) {
    problems.push_back({"--width",
                        "so many frames of this size make a file "
                        "that no viewer plays; give a smaller "
                        "picture or fewer --frames."});
  }
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
  return job;
}

Heading HeadingOf(const Shown& shown, const Job& job) {
  const Experiment& experiment = shown.run().experiment();
  Heading heading{DataTitle(experiment), ""};
  heading.note =
      std::string(experiment.family.row().title) + ", " + shown.subject.Named();
  if (job.view == View::kLoss) return heading;
  if (job.view == View::kNoising && job.format != Format::kHtml) {
    heading.note += "; " + WithCommas(job.n) + " points, " +
                    WithCommas(shown.sampler()->steps) + " steps, seed " +
                    std::to_string(shown.seed);
  } else {
    heading.note +=
        "; " + WithCommas(job.n) + " samples by " + SamplerNote(shown);
  }
  if (shown.run().dim() > 2) {
    heading.note +=
        "; first 2 of " + std::to_string(shown.run().dim()) + " axes";
  }
  return heading;
}

Way WayOf(const Shown& shown, const Job& job) {
  return job.view == View::kDenoising ? WayToData(shown, job.n, job.frames)
                                      : WayToNoise(shown, job.n, job.frames);
}

// Draws a still on a canvas of either kind.
class Still {
 public:
  Still(const RenderOptions& options, const Job& job, const Shown& shown,
        Context& context)
      : job_(job),
        log_(options.log),
        sheet_{job.width / job.detail, job.height / job.detail,
               ThemeOf(job.dark), HeadingOf(shown, job)} {
    if (job.view == View::kLoss) {
      loss_ = ReadLoss(context.files, options.directory, shown.run().step());
      const bool any = std::any_of(loss_.losses.begin(), loss_.losses.end(),
                                   [](double loss) { return loss > 0; });
      if (log_ && !any) {
        Refuse("--log", "no loss of this run is above 0; leave it out.");
      }
    } else if (job.moves()) {
      data_ = ShownData(shown, kShownData);
      way_ = WayOf(shown, job);
    } else {
      const bool dense = job.view == View::kDensity;
      data_ = ShownData(shown, dense ? job.n : kShownData);
      samples_ = ShownSamples(shown, job.n, options.quiet, context);
    }
  }

  const Sheet& sheet() const { return sheet_; }
  std::string Description() const {
    if (job_.view == View::kLoss) return "Training loss over steps.";
    if (job_.view == View::kDensity) return "Density of data and samples.";
    return "Data as blue squares, samples as orange discs.";
  }
  void DrawOn(Canvas& canvas) const {
    if (job_.view == View::kLoss) {
      DrawLoss(canvas, sheet_, loss_, log_);
    } else if (job_.view == View::kDensity) {
      DrawDensity(canvas, sheet_, data_, samples_);
    } else if (job_.moves()) {
      DrawStrip(canvas, sheet_, data_, way_);
    } else {
      DrawScatter(canvas, sheet_, data_, samples_);
    }
  }

 private:
  const Job& job_;
  bool log_;
  Sheet sheet_;
  Cloud data_, samples_;
  Way way_;
  LossCurve loss_;
};

std::string StillBytes(const Still& still, const Job& job) {
  const Sheet& sheet = still.sheet();
  if (job.format == Format::kSvg) {
    Svg svg(job.width, job.height, job.detail, sheet.theme.paper,
            sheet.heading.title + ": " + sheet.heading.note,
            still.Description());
    still.DrawOn(svg);
    return svg.Finish();
  }
  Raster raster(job.width, job.height, job.detail, sheet.theme.paper);
  still.DrawOn(raster);
  return EncodePng(raster.image());
}

std::string GifBytes(const Shown& shown, const Job& job, bool quiet,
                     Context& context) {
  const Sheet sheet = {job.width / job.detail, job.height / job.detail,
                       ThemeOf(job.dark), HeadingOf(shown, job)};
  const Cloud data = ShownData(shown, kShownData);
  const Way way = WayOf(shown, job);
  GifWriter gif(job.width, job.height, AnimationPalette(sheet.theme));
  const auto count = static_cast<int64_t>(way.states.size());
  ProgressMeter meter(context, "frames", 0, count, quiet);
  const int usual = static_cast<int>(100 / job.fps);
  for (int64_t i = 0; i < count; ++i) {
    if (Interrupted()) return "";
    Raster raster(job.width, job.height, job.detail, sheet.theme.paper);
    DrawMoment(raster, sheet, data, way, static_cast<size_t>(i));
    const int hold = i == 0 ? kFirstHold : i + 1 == count ? kLastHold : usual;
    gif.Add(raster.image(), std::max(usual, hold));
    meter.Update(i + 1);
  }
  return gif.Finish();
}

std::string HtmlBytes(const RenderOptions& options, const Shown& shown,
                      const Job& job) {
  std::vector<std::string> render = {"unnoise", "render", options.directory};
  render.insert(render.end(), options.words.begin(), options.words.end());
  render.insert(render.end(), {"--out", options.out});
  const auto add = [&](const char* name, const std::optional<int64_t>& value) {
    if (value) render.insert(render.end(), {name, std::to_string(*value)});
  };
  if (options.view) render.insert(render.end(), {"--view", *options.view});
  add("--n", options.n);
  add("--seed", options.seed);
  add("--frames", options.frames);
  add("--fps", options.fps);
  if (options.theme) render.insert(render.end(), {"--theme", *options.theme});

  Recording recording;
  recording.heading = HeadingOf(shown, job);
  recording.data = ShownData(shown, kShownData);
  recording.denoising = WayToData(shown, job.n, job.frames);
  recording.noising = WayToNoise(shown, job.n, job.frames);
  recording.noising_first = job.view == View::kNoising;
  recording.states_per_second = job.fps;
  if (options.theme) recording.dark = job.dark;
  recording.facts = FactsOf(shown);
  if (shown.run().trainable()) {
    recording.commands.push_back(TrainCommand(shown.run()));
  }
  recording.commands.push_back(ShellLine(render));
  recording.experiment = WritePretty(
      *ParseJson(WriteExperiment(shown.run().experiment()), "experiment"));
  return PlayerPage(recording);
}

// "84 KB".
std::string Size(size_t bytes) {
  const auto count = static_cast<int64_t>(bytes);
  if (count < 1000) return std::to_string(count) + " bytes";
  if (count < 1000000) return std::to_string((count + 500) / 1000) + " KB";
  return Brief(static_cast<double>(count) / 1e6) + " MB";
}

}  // namespace

ExitCode Render(const RenderOptions& options, Context& context) {
  const InterruptScope interrupts;
  const Job job = JobOf(options);
  const Subject subject =
      OpenSubject(context.files, options.directory, options.words,
                  options.truth, SimdBackend());
  const Shown shown{subject, options.seed.value_or(0)};
  if (job.view == View::kLoss && !subject.run->trainable()) {
    Refuse("--view",
           "an exact law is not trained, so that there is no loss; "
           "choose another view.");
  }
  // Made before the work, so that a bad place is found at once.
  AtomicFile out(context.files, options.out);

  std::string bytes;
  if (job.format == Format::kHtml) {
    bytes = HtmlBytes(options, shown, job);
  } else if (job.format == Format::kGif) {
    bytes = GifBytes(shown, job, options.quiet, context);
  } else {
    bytes = StillBytes(Still(options, job, shown, context), job);
  }
  if (Interrupted()) return kExitInterrupted;
  out.Append(bytes);
  out.Commit();
  if (!options.quiet) {
    context.err << "Wrote " << job.row().name << " of " << subject.Named()
                << " to " << options.out << " (" << Size(bytes.size())
                << ").\n";
  }
  return kExitDone;
}

}  // namespace unnoise
