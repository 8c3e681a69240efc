// The law of a process on cells, moved on the clock of its particles by
// whatever way there is: an equation in time, the law of one step, or a closed
// form. And particles on the same cells, to be compared with it. The page and
// the command line both show these, on the same grid.

#ifndef UNNOISE_PROCESS_LAW_H_
#define UNNOISE_PROCESS_LAW_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/process/fokker_planck.h"
#include "core/process/kernel.h"
#include "core/process/process.h"

namespace unnoise {

enum class LawWay {
  kEquation,    // Fokker and Planck's, without noise Liouville's
  kKernel,      // the law of the scheme's step, again and again
  kClosedForm,  // of the process itself; of states, the master equation
};
// "fokker_planck", "kernel", "closed_form".
std::string_view NameOf(LawWay way);

// Cells of an axis unless others are asked for, and the most there may be.
size_t DefaultCells(const Process& process);
inline constexpr size_t kMaxCells1d = 4000, kMaxCells2d = 512;

// A grid around nearly all of the particles `paths` [times, n, dim], with room
// beyond them where a law has its tails; `count` cells to an axis. Of states,
// a cell for each.
std::vector<Cells> CellsAround(const Process& process,
                               std::span<const float> paths, int64_t times,
                               size_t count);

// What is wrong with a grid for this process: that much of where it starts lies
// beyond, where no law could be moved from. Problems at "window".
Problems ProblemsOfGrid(const Process& process, const std::vector<Cells>& axes);

// Probability of each cell and what is made of it. Cells of two axes have the
// last one fastest.
class Law {
 public:
  // Problems: nothing is known that could move a law, and why; other than one
  // or two dimensions; more work than `max_work` updates of a cell. The process
  // must outlive this and not change.
  static Result<Law> Make(const Process& process, std::vector<Cells> axes,
                          double max_work = kMaxDensityWork);

  // Goes on to where the process has made so many steps: at least as many as
  // now, at most all. How the way there is cut changes no bit.
  void AdvanceTo(int64_t position);
  int64_t position() const { return position_; }
  double t() const { return process_->TimeAt(position_); }
  LawWay way() const { return way_; }
  const std::vector<Cells>& axes() const { return axes_; }

  std::span<const double> mass() const {
    return flow_ ? flow_->mass() : std::span<const double>(mass_);
  }
  // Probability through each face in unit time [cells + 1], in one dimension
  // with an equation; else empty.
  std::vector<double> Current() const;

 private:
  Law(const Process& process, std::vector<Cells> axes)
      : process_(&process), axes_(std::move(axes)) {}

  const Process* process_;
  std::vector<Cells> axes_;
  LawWay way_ = LawWay::kClosedForm;
  int64_t position_ = 0;
  std::optional<FokkerPlanck> flow_;
  std::vector<double> mass_;  // unless there is a flow
};

// Of probabilities of cells: the density (of states the probability itself),
// the mean and variance along each axis, and on one axis the place below which
// a part `p` in (0, 1) of it all lies.
std::vector<double> DensityOf(const Process& process,
                              const std::vector<Cells>& axes,
                              std::span<const double> mass);
std::vector<Normal> MomentsOf(const std::vector<Cells>& axes,
                              std::span<const double> mass);
double QuantileOf(const Cells& cells, std::span<const double> mass, double p);

// The closed forms in the centre of each cell; empty where there is none. The
// second is scaled so that all cells hold 1.
std::vector<double> ClosedDensity(const Process& process,
                                  const std::vector<Cells>& axes, double t);
std::vector<double> StationaryDensity(const Process& process,
                                      const std::vector<Cells>& axes);

// Part of particles x [n, dim] in each cell; one beyond the cells is in none.
std::vector<double> SharesIn(const std::vector<Cells>& axes,
                             std::span<const float> x);
// Mean and variance of particles along each axis.
std::vector<Normal> MomentsOf(std::span<const float> x, size_t dim);

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_LAW_H_
