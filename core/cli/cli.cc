// The grammar of the command line. CLI11 cuts words into options; numbers are
// checked where the verbs' options are made of them (perform.cc), paths and
// experiment fields by the verbs, so that every problem is named with its
// repair.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>
#include <string_view>

#include "core/backend/backend.h"
#include "core/base/nearest.h"
#include "core/base/version.h"
#include "core/cli/command.h"
#include "core/cli/help_texts.h"
#include "core/cli/typed.h"

namespace unnoise {
namespace {

constexpr char kSubjectWords[] =
    "DIR of the run, and fields such as sampler.steps=100; or exact, and the "
    "fields of an experiment: data=..., path=..., sampler=...";

class Parser {
 public:
  Parser() : app_(kAbout, "unnoise") {
    app_.footer(kExamples);
    app_.require_subcommand(0, 1);
    app_.set_version_flag("--version", "unnoise " UNNOISE_VERSION,
                          "Print the version and exit");
    app_.set_help_flag("-h,--help", "Print this text and exit");
    app_.add_option("--simd", simd_)->group("");  // for tests: hidden
    app_.allow_extras();

    CLI::App* train = Verb("train", "Train a model", kTrainExamples);
    Words(train, "EXPERIMENT.json and fields such as data=two_moons");
    Text(train, "--out", typed_.out, "DIR",
         "Where to write (default: runs/FAMILY-DATA-SEED)");
    Text(train, "--steps", typed_.steps, "N",
         "Steps in total (default: rate.horizon)");
    Text(train, "--seed", typed_.seed, "S", "The seed (default: 0)");
    Text(train, "--resume", typed_.resume, "DIR|FILE",
         "Go on with a run, with the bits of one never interrupted");
    Text(train, "--weights", typed_.weights, "FILE",
         "Start from the weights in a safetensors file, not from drawn ones");
    Text(train, "--map", typed_.map, "FILE",
         "JSON of our names to the file's, {\"network.hidden.0\": \"net.0\"}");
    Threads(train);
    train->add_flag("--fast", typed_.fast,
                    "Fused multiply-add: faster, the same only to within "
                    "rounding; kept in the experiment (fast=true)");
    train->add_flag("--trap-nan", typed_.trap_nan,
                    "Stop at the first operation that makes a NaN, and name "
                    "it; slower");
    Text(train, "--save-every", typed_.save_every, "SECONDS",
         "How often to save (default: 10; 0 is after each step)");
    train->add_flag("--force", typed_.force, "Replace a run that is there");
    Quiet(train);
    train->add_flag("--json", typed_.json,
                    "Print the result as one line of JSON");

    CLI::App* sample =
        Verb("sample", "Draw samples from a run", kSampleExamples);
    Words(sample, kSubjectWords);
    Text(sample, "--n", typed_.n, "N", "How many (default: 1000)");
    Text(sample, "--seed", typed_.seed, "S", "The seed (default: 0)");
    Text(sample, "--out", typed_.out, "FILE",
         "Where to write (default: DIR/samples.npy)");
    Text(sample, "--trajectory", typed_.trajectory, "FILE",
         "Write the way from noise to data too");
    Text(sample, "--frames", typed_.frames, "N",
         "The most states of it to keep, evenly spaced (default: all)");
    DType(sample);
    Truth(sample);
    Threads(sample);
    Quiet(sample);

    AddRender();
    AddFlow();

    AddSolvers();

    CLI::App* field =
        Verb("field", "Tabulate where the model takes the points of a grid",
             kFieldExamples);
    Words(field, kSubjectWords);
    Text(field, "--t", typed_.t, "T", "Time, 0 data, 1 noise (default: 0.5)");
    Text(field, "--grid", typed_.grid, "NXxNY", "Nodes (default: 32x32)");
    Text(field, "--window", typed_.window, "X0,X1,Y0,Y1",
         "Where (default: three standard deviations around the data)");
    Text(field, "--to", typed_.to, "WHERE",
         "data: the predicted data (default); step: the sampler's next state");
    Text(field, "--out", typed_.out, "FILE",
         "A .csv, .tsv or .npy (default: DIR/field.csv)");
    DType(field);
    Truth(field);

    CLI::App* eval =
        Verb("eval", "Hold samples against the data", kEvalExamples);
    Words(eval, kSubjectWords);
    Text(eval, "--n", typed_.n, "N", "Points in each set (default: 10000)");
    Text(eval, "--metrics", typed_.metrics, "NAMES",
         "Some of them, as a,b (default: all; unnoise list metrics)");
    Threads(eval);
    Truth(eval);
    eval->add_flag("--json", typed_.json, "Print JSON");

    CLI::App* compare =
        Verb("compare", "Hold two files of points against each other",
             kCompareExamples);
    Words(compare, "A and B, each .npy, .npz, .csv or .tsv");
    Text(compare, "--metrics", typed_.metrics, "NAMES",
         "Some of them, as a,b (default: all; unnoise list distances)");
    compare->add_flag("--json", typed_.json, "Print JSON");

    CLI::App* divergence =
        Verb("divergence", "Tell how far two known laws are apart",
             kDivergenceExamples);
    Words(divergence, "Names such as kl (default: all), p=LAW, q=LAW, fields");
    Text(divergence, "--n", typed_.n, "N", "Draws of each to estimate it from");
    Text(divergence, "--seed", typed_.seed, "S", "Their seed (default: 0)");
    divergence->add_flag("--json", typed_.json, "Print JSON");

    CLI::App* fingerprint =
        Verb("fingerprint", "Print 16 digits that only the same bits give",
             kFingerprintExamples);
    Words(fingerprint, "DIR of the run");

    CLI::App* process =
        Verb("process", "Move particles by a law of motion", kProcessExamples);
    Words(process, "NAME of the process, and its fields such as steps=100");
    Text(process, "--n", typed_.n, "N", "How many (default: 1000)");
    Text(process, "--seed", typed_.seed, "S", "The seed (default: 0)");
    Text(process, "--frames", typed_.frames, "N",
         "The most moments to keep, evenly spaced (default: all)");
    Text(process, "--out", typed_.out, "FILE",
         "Where to write (default: NAME.npy)");
    Text(process, "--density", typed_.density, "FILE",
         "Where to write the law on cells at the same times");
    Text(process, "--cells", typed_.cells, "N",
         "Cells of an axis of it (default: 200, of two axes 64)");
    Text(process, "--window", typed_.window, "LOW,HIGH",
         "Where they lie, for each axis (default: around the particles)");
    DType(process);
    Quiet(process);

    CLI::App* list = Verb("list", "List what there is", kListExamples);
    Words(list, "families, datasets and so on; any other word names them all");
    list->add_flag("--json", typed_.json, "Print JSON");

    CLI::App* describe = Verb(
        "describe", "Describe every field of an experiment", kDescribeExamples);
    describe->add_flag("--json", typed_.json, "Print JSON");
  }

  // Returns the exit code of the verb. Throws Failure.
  int Run(std::vector<std::string> arguments, Context& context) {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 asks
    try {
      app_.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
      context.out << app_.help();
      return kExitDone;
    } catch (const CLI::CallForVersion& version) {
      context.out << version.what() << '\n';
      return kExitDone;
    } catch (const CLI::ArgumentMismatch& error) {
      const std::string text = error.what();
      Fail("give it one value. " + SeeHelp(), text.substr(0, text.find(':')));
    } catch (const CLI::ParseError& error) {
      Fail(error.what() + (". " + SeeHelp()));
    }
    RefuseUnknown();
    if (simd_ && !ForceSimdTarget(*simd_)) RefuseSimd();
    const std::vector<CLI::App*> chosen = app_.get_subcommands();
    if (chosen.empty()) {
      context.err << app_.help();
      return kExitUsage;
    }
    return PerformVerb(chosen.front()->get_name(), typed_, context);
  }

 private:
  void AddRender() {
    CLI::App* render = Verb("render", "Draw a run", kRenderExamples);
    Words(render, kSubjectWords);
    Text(render, "--out", typed_.out, "FILE",
         "Where to write: a name ending in .png, .svg, .gif or .html");
    Text(render, "--view", typed_.view, "VIEW",
         "What to draw (default: scatter; denoising for gif and html)");
    Text(render, "--n", typed_.n, "N",
         "How many samples (default: 1000; 10000 for density, 600 in motion)");
    Text(render, "--seed", typed_.seed, "S", "Their seed (default: 0)");
    Text(render, "--frames", typed_.frames, "N",
         "Moments of the way, at most one for each sampler step and one more "
         "(default: 6 in a strip, else 61)");
    Text(render, "--fps", typed_.fps, "N", "Frames a second (default: 20)");
    Text(render, "--width", typed_.width, "PIXELS", "Width of the picture");
    Text(render, "--height", typed_.height, "PIXELS", "Its height");
    Text(render, "--theme", typed_.theme, "THEME",
         "light or dark (default: light; html: as the reader's system has it)");
    Truth(render);
    render->add_flag("--log", typed_.log, "Logarithmic axis for the loss");
    Quiet(render);
  }

  void AddSolvers() {
    CLI::App* solvers = Verb("solvers", "Hold samplers against the exact flow",
                             kSolversExamples);
    Words(solvers, kSubjectWords);
    Text(solvers, "--samplers", typed_.samplers, "LIST",
         "Names, as a,b, or with fields: \"ddim; ode method=rk4\" (default: "
         "ddim; ode; dpm_solver_pp_2m)");
    Text(solvers, "--steps", typed_.steps, "A,B,...",
         "Numbers of steps (default: 1,2,5,10,...,1000)");
    Text(solvers, "--n", typed_.n, "N", "How many points (default: 1000)");
    Text(solvers, "--seed", typed_.seed, "S", "The seed (default: 0)");
    Text(solvers, "--error", typed_.error, "WHICH",
         "paths, law or both (default: both)");
    Text(solvers, "--out", typed_.out, "FILE",
         "A .csv, .tsv, .json, .npy or .npz (default: only the table)");
    DType(solvers);
    Truth(solvers);
    Threads(solvers);
    Quiet(solvers);
    solvers->add_flag("--json", typed_.json, "Print JSON");
  }

  void AddFlow() {
    CLI::App* encode = FlowVerb("encode", "Follow the flow from data to noise",
                                kEncodeExamples);
    Own(encode);
    Text(encode, "--out", typed_.out, "FILE",
         "Where to write (default: DIR/noise.npy)");
    encode->add_flag("--round-trip", typed_.round_trip,
                     "Follow it back as well, and print how far off it ends");

    CLI::App* likelihood =
        FlowVerb("likelihood", "Tell how probable a model finds points",
                 kLikelihoodExamples);
    Own(likelihood);
    Text(likelihood, "--out", typed_.out, "FILE",
         "Write the log density of each point");
    Text(likelihood, "--divergence", typed_.divergence, "HOW",
         "exact (default), or estimated by gaussian or rademacher probes");
    Text(likelihood, "--probes", typed_.probes, "N",
         "Probes of each point (default: 1)");
    likelihood->add_flag("--json", typed_.json, "Print JSON");

    CLI::App* interpolate =
        FlowVerb("interpolate", "Go from one point to another through noise",
                 kInterpolateExamples);
    Text(interpolate, "--from", typed_.from, "END",
         "A point in data units as [x,y]; or the number of one of --in, or of "
         "a sample of --seed");
    Text(interpolate, "--to", typed_.to, "END", "The other end, likewise");
    Text(interpolate, "--in", typed_.in, "FILE",
         "Points that numbers mean, .npy, .npz, .csv or .tsv");
    Text(interpolate, "--way", typed_.way, "WAY",
         "slerp: on the sphere, as noise lies (default); or linear");
    Text(interpolate, "--n", typed_.n, "N",
         "Points on the way, with its ends (default: 11)");
    Text(interpolate, "--seed", typed_.seed, "S",
         "The seed of the samples (default: 0)");
    Text(interpolate, "--out", typed_.out, "FILE",
         "Where to write (default: DIR/interpolation.npy)");
  }
  CLI::App* FlowVerb(const char* name, const char* about,
                     const char* examples) {
    CLI::App* verb = Verb(name, about, examples);
    Words(verb, kSubjectWords);
    DType(verb);
    Truth(verb);
    Threads(verb);
    Quiet(verb);
    return verb;
  }
  // Points of a file or the data's own.
  void Own(CLI::App* verb) {
    Text(verb, "--in", typed_.in, "FILE",
         "Points in data units, .npy, .npz, .csv or .tsv (default: the data "
         "set's own, held-out or fresh)");
    Text(verb, "--n", typed_.n, "N",
         "How many of the data set's own (default: 1000, or a whole file set)");
    Text(verb, "--seed", typed_.seed, "S",
         "The seed of what is drawn (default: 0)");
  }

  void Truth(CLI::App* verb) {
    verb->add_flag("--truth", typed_.truth,
                   "The exact denoiser of the data in the place of the run's");
  }
  CLI::App* Verb(const char* name, const char* about, const char* examples) {
    CLI::App* verb = app_.add_subcommand(name, about);
    verb->fallthrough();  // for --simd and --version
    verb->allow_extras();
    verb->footer(examples);
    return verb;
  }
  void Words(CLI::App* verb, const char* about) {
    verb->add_option("WORDS", typed_.words, about)->type_name("");
  }
  static void Text(CLI::App* verb, const char* name,
                   std::optional<std::string>& value, const char* type,
                   const char* about) {
    verb->add_option(name, value, about)->type_name(type);
  }
  void Threads(CLI::App* verb) {
    Text(verb, "--threads", typed_.threads, "N",
         "Threads; any number gives the same bits (default: those of the "
         "machine, up to 4)");
  }
  void DType(CLI::App* verb) {
    Text(verb, "--dtype", typed_.dtype, "TYPE",
         "Type of the numbers in .npy and .npz: float32 (default), float64, "
         "float16");
  }
  void Quiet(CLI::App* verb) {
    verb->add_flag("--quiet", typed_.quiet, "Print problems only");
  }

  std::string SeeHelp() const {
    const std::vector<CLI::App*> chosen = app_.get_subcommands();
    return "See unnoise " +
           (chosen.empty() ? "" : chosen.front()->get_name() + " ") + "--help.";
  }

  [[noreturn]] static void Fail(std::string message, std::string path = "") {
    throw Failure{kExitUsage, {{std::move(path), std::move(message)}}};
  }

  [[noreturn]] static void RefuseSimd() {
    std::vector<std::string_view> names;
    for (int i = 0; i < SimdTargetCount(); ++i) {
      names.push_back(SimdTargetName(i));
    }
    Fail("this machine has no such target; " + Suggestion("", names), "--simd");
  }

  // Names that no option has, and verbs that do not exist.
  void RefuseUnknown() const {
    const std::vector<CLI::App*> chosen = app_.get_subcommands();
    const CLI::App& verb = chosen.empty() ? app_ : *chosen.front();
    std::vector<std::string_view> options;
    for (const CLI::Option* option : verb.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        // The help of the visible ones alone.
        if (!option->get_group().empty()) {
          options.push_back(Keep("--" + name));
        }
      }
    }
    Problems problems;
    for (const std::string& word : app_.remaining(true)) {
      const std::string name = word.substr(0, word.find('='));
      if (word.starts_with('-')) {
        problems.push_back(
            {name, "there is no such option; " + Suggestion(name, options)});
      } else if (chosen.empty()) {
        constexpr std::string_view kVerbs[] = {
            "train",      "sample",      "solvers",     "field", "render",
            "encode",     "likelihood",  "interpolate", "eval",  "compare",
            "divergence", "fingerprint", "process",     "list",  "describe"};
        problems.push_back(
            {word, "there is no such verb; " + Suggestion(word, kVerbs)});
        break;  // what follows a wrong verb says nothing
      } else if (verb.get_name() == "describe") {
        problems.push_back({word, "describe takes no words; leave it out."});
      }
    }
    if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
  }

  // A name that outlives the views into it.
  std::string_view Keep(std::string name) const {
    kept_.push_back(std::make_unique<std::string>(std::move(name)));
    return *kept_.back();
  }

  CLI::App app_;
  Typed typed_;
  std::optional<std::string> simd_;
  mutable std::vector<std::unique_ptr<std::string>> kept_;
};

}  // namespace

int Perform(const std::vector<std::string>& arguments, Context& context) {
  return Parser().Run(arguments, context);
}

}  // namespace unnoise
