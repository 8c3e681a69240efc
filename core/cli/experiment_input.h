// From the words of a command to an experiment: EXPERIMENT.json, key=value,
// data=FILE.

#ifndef UNNOISE_CLI_EXPERIMENT_INPUT_H_
#define UNNOISE_CLI_EXPERIMENT_INPUT_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/cli/files.h"
#include "core/data/points.h"
#include "core/run/experiment.h"

namespace unnoise {

// Files of a run that belong to its experiment.
inline constexpr char kExperimentFile[] = "experiment.json";
inline constexpr char kPointsFile[] = "data.npy";
inline constexpr char kLabelsFile[] = "labels.npy";  // only if there are any

// A user's file of points, whatever its format. Throws Failure.
PointSet ReadPointsFile(FileSystem& files, const std::string& path,
                        Rounding rounding);

// The experiment that `words` ask for, its points attached. Points come from
// data=FILE (CSV, TSV, NPY, NPZ), or data=points data.file=FILE, or from where
// the named EXPERIMENT.json says: data.npy beside it, else the file of
// data.file. `seed` (or none) is --seed. Throws Failure.
Experiment ReadWords(FileSystem& files, std::span<const std::string> words,
                     std::optional<int64_t> seed);

// The experiment of a run directory, its points attached. Throws Failure.
Experiment ReadStored(FileSystem& files, const std::string& directory);

// Refuses words other than the sampler's: what a trained run can still be
// asked for. Throws Failure.
void CheckSamplerWords(std::span<const std::string> words);

// The experiment of a run with words such as the sampler's laid over it, its
// points not attached. Throws Failure.
Experiment WithWords(const Experiment& experiment,
                     std::span<const std::string> words);

// "clouds" of "some/clouds.csv": letters that any file name may have.
std::string StemOf(std::string_view path);

}  // namespace unnoise

#endif  // UNNOISE_CLI_EXPERIMENT_INPUT_H_
