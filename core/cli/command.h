// What the verbs of the command line share: their surroundings, how they end,
// and what each was asked to do. How words become these options is cli.cc's
// business.

#ifndef UNNOISE_CLI_COMMAND_H_
#define UNNOISE_CLI_COMMAND_H_

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/problem.h"
#include "core/cli/files.h"

namespace unnoise {

enum ExitCode : int {
  kExitDone = 0,
  kExitUsage = 2,     // usage or validation
  kExitDiverged = 3,  // not finite; the last good state was kept
  kExitFile = 4,      // a file could not be read or written
  kExitInterrupted = 130,
};

// Ends a command: thrown by the command line's own code, caught in RunCli,
// which prints the problems.
struct Failure {
  ExitCode exit_code;
  Problems problems;
};

struct Context {
  FileSystem& files;
  std::ostream& out;  // data
  std::ostream& err;  // progress and problems
  bool err_is_terminal = false;
  // Seconds since some fixed moment.
  std::function<double()> seconds;
  // Bytes of memory that the machine has.
  int64_t memory = INT64_MAX;
};

struct CatalogueOptions {
  std::vector<std::string> words;  // of `list`: families, datasets, ...
  bool json = false;
};

struct TrainOptions {
  std::vector<std::string> words;  // EXPERIMENT.json and key=value
  std::optional<std::string> out;
  std::optional<std::string> resume;
  std::optional<std::string> weights;  // what to start from, safetensors
  std::optional<std::string> map;      // their names, JSON
  std::optional<int64_t> steps;        // in total
  std::optional<int64_t> seed;
  int threads = 1;
  bool fast = false;  // the same as the word fast=true
  bool trap_nan = false;
  int64_t save_every = 10;  // seconds; 0 = after each step
  bool force = false;
  bool quiet = false;
  bool json = false;
};

// Of a verb that looks at a model: `directory` is a run, or "exact" (see
// subject.h), `words` such as sampler=..., sampler.steps=....
struct SampleOptions {
  std::string directory;
  std::vector<std::string> words;
  bool truth = false;  // the exact denoiser in the place of the trained one
  int64_t n = 1000;
  int64_t seed = 0;
  std::optional<std::string> out;
  std::optional<std::string> trajectory;
  std::optional<int64_t> frames;     // the most states kept of it
  std::optional<std::string> dtype;  // float32, float64, float16
  int threads = 1;
  bool quiet = false;
};

struct SolversOptions {
  std::string directory;
  std::vector<std::string> words;
  bool truth = false;
  // Parted by semicolons, each a name and fields: "ddim; ode method=rk4".
  std::string samplers = "ddim; ode; dpm_solver_pp_2m";
  std::string steps = "1,2,5,10,20,50,100,200,500,1000";
  std::string error = "both";  // or paths, law
  int64_t n = 1000;
  int64_t seed = 0;
  std::optional<std::string> out;
  std::optional<std::string> dtype;  // float32, float64, float16
  int threads = 1;
  bool quiet = false;
  bool json = false;
};

// Of the verbs that follow the flow; each takes some.
struct FlowOptions {
  std::string directory;
  std::vector<std::string> words;
  bool truth = false;
  std::optional<std::string> in;  // file of points
  std::optional<int64_t> n;       // points of the data, or of the way
  int64_t seed = 0;
  bool round_trip = false;              // encode
  std::string divergence = "exact";     // likelihood; or gaussian, ...
  std::optional<int64_t> probes;        // likelihood, one
  std::optional<std::string> from, to;  // interpolate: ends
  std::string way = "slerp";            // interpolate; or linear
  std::optional<std::string> out;
  std::optional<std::string> dtype;  // float32, float64, float16
  int threads = 1;
  bool quiet = false;
  bool json = false;
};

struct ProcessOptions {
  std::vector<std::string> words;  // NAME and key=value
  int64_t n = 1000;
  int64_t seed = 0;
  std::optional<int64_t> frames;  // the most moments kept
  std::optional<std::string> out;
  std::optional<std::string> density;  // where the law goes
  std::optional<int64_t> cells;        // of an axis of it
  std::optional<std::string> window;   // "low,high" of each axis
  std::optional<std::string> dtype;    // float32, float64, float16
  bool quiet = false;
};

struct FieldOptions {
  std::string directory;
  std::vector<std::string> words;
  bool truth = false;
  std::string t = "0.5";              // from t_min to t_max
  std::optional<std::string> grid;    // "32x24"
  std::optional<std::string> window;  // "x0,x1,y0,y1"
  std::string to = "data";            // or "step"
  std::optional<std::string> out;
  std::optional<std::string> dtype;  // float32, float64, float16
};

struct EvalOptions {
  std::string directory;
  std::vector<std::string> words;
  bool truth = false;
  int64_t n = 10000;
  std::optional<std::string> metrics;  // "a,b"; all
  int threads = 1;
  bool json = false;
};

struct CompareOptions {
  std::vector<std::string> words;      // A and B, files of points
  std::optional<std::string> metrics;  // "a,b"; all that apply
  bool json = false;
};

struct DivergenceOptions {
  std::vector<std::string> words;  // names, p=..., q=...
  std::optional<int64_t> n;        // draws of each, none
  int64_t seed = 0;
  bool json = false;
};

struct RenderOptions {
  std::string directory;
  std::vector<std::string> words;
  bool truth = false;
  std::string out;
  std::optional<std::string> view;
  std::optional<std::string> theme;
  std::optional<int64_t> n;
  std::optional<int64_t> seed;
  std::optional<int64_t> frames;
  std::optional<int64_t> fps;
  std::optional<int64_t> width;  // in pixels
  std::optional<int64_t> height;
  bool log = false;
  bool quiet = false;
};

// Reads the words of a command and does what they say. Throws Failure; RunCli
// (cli.h) is for callers.
int Perform(const std::vector<std::string>& arguments, Context& context);

ExitCode ListKinds(const CatalogueOptions& options, Context& context);
ExitCode DescribeFields(const CatalogueOptions& options, Context& context);
ExitCode Train(const TrainOptions& options, Context& context);
ExitCode Sample(const SampleOptions& options, Context& context);
ExitCode CompareSolvers(const SolversOptions& options, Context& context);
ExitCode Encode(const FlowOptions& options, Context& context);
ExitCode FindLikelihood(const FlowOptions& options, Context& context);
ExitCode InterpolatePoints(const FlowOptions& options, Context& context);
ExitCode MoveParticles(const ProcessOptions& options, Context& context);
ExitCode MakeField(const FieldOptions& options, Context& context);
ExitCode Render(const RenderOptions& options, Context& context);
ExitCode EvaluateRun(const EvalOptions& options, Context& context);
ExitCode Compare(const CompareOptions& options, Context& context);
ExitCode FindDivergence(const DivergenceOptions& options, Context& context);
ExitCode PrintFingerprint(const std::string& directory, Context& context);

}  // namespace unnoise

#endif  // UNNOISE_CLI_COMMAND_H_
