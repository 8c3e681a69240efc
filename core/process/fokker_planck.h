// The density of a process on a grid, moved by the equation of Fokker and
// Planck (of Liouville, where there is no noise): the truth beside particles,
// on the clock that they have.

#ifndef UNNOISE_PROCESS_FOKKER_PLANCK_H_
#define UNNOISE_PROCESS_FOKKER_PLANCK_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/process/kernel.h"
#include "core/process/process.h"

namespace unnoise {

// Updates of a cell that a whole run may take.
inline constexpr double kMaxDensityWork = 2e11;

// dp/dt = -sum_i dJ_i/dx_i, J_i = drift_i p - d(diffusion_ii p)/dx_i, by finite
// volumes in one or two dimensions. The current through a face is Scharfetter
// and Gummel's (1969; Chang and Cooper 1970 for this equation): exact for a
// current that does not change across the face, so that stationary laws are
// kept, and never out of an empty cell; without diffusion it is the upwind
// flux. Faces at the border let nothing through. Time goes by Heun's scheme
// with steps so short that each is a mean of positive parts (Shu and Osher
// 1988). So mass stays to rounding and no cell becomes negative. The error is
// of order h^2 for cells of width h, of order h where the flux is upwind.
class FokkerPlanck {
 public:
  // From the process's own start, by its law or by its density then. Problems:
  // no drift and diffusion, or other than one or two dimensions; a start that
  // is not known as a law; noise that is correlated between axes; more work
  // until the process's end than `max_work` updates of a cell. `axes` has a
  // grid for each dimension. The process must outlive this and not change.
  static Result<FokkerPlanck> Make(const Process& process,
                                   std::vector<Cells> axes,
                                   double max_work = kMaxDensityWork);

  // Moves to time `t`, not before the present one. Call it with the time of
  // particles, and both are on one clock.
  void AdvanceTo(double t);

  double t() const { return t_; }
  const std::vector<Cells>& axes() const { return axes_; }
  // Probability of each cell, the last axis fastest.
  std::span<const double> mass() const { return mass_; }
  // Replaces them: as many numbers >= 0.
  void SetMass(std::span<const double> mass);
  // Probability through each face of an axis in unit time, towards greater
  // numbers, now: in one dimension [cells + 1], the first and last 0; in two,
  // of all lines of cells in order.
  std::vector<double> Current(size_t axis) const;

 private:
  // What leaves a cell through a face in unit time is a number times its mass.
  struct Rates {
    std::vector<double> up, down;  // [cells of the grid] through the upper face
                                   // of each: out of it, and back into it
  };

  FokkerPlanck(const Process& process, std::vector<Cells> axes);

  size_t Stride(size_t axis) const;
  // The rates at a time; returns the greatest rate at which a cell loses mass.
  double SetRates(double t);
  // change = dmass/dt
  void Change(std::span<const double> mass, std::vector<double>& change) const;

  const Process* process_;
  std::vector<Cells> axes_;
  double t_ = 0;
  double fastest_ = 0;
  std::vector<double> mass_;
  std::vector<Rates> rates_;            // of each axis
  std::vector<double> trial_, change_;  // [cells of the grid]
};

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_FOKKER_PLANCK_H_
