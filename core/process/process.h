// Processes: laws of motion in time, of one or two coordinates (a few more
// where a row says so), and particles that follow them. Each is a row of the
// table in processes.cc. Nothing is learned here: what is known of a law in
// closed form stands beside what the particles do.

#ifndef UNNOISE_PROCESS_PROCESS_H_
#define UNNOISE_PROCESS_PROCESS_H_

#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/describe.h"
#include "core/base/key.h"
#include "core/process/brownian.h"

namespace unnoise {

// What one transition of `count` particles is made from.
struct Leap {
  double t;        // it leads from here
  double dt;       // to t + dt; > 0
  int64_t number;  // 0, 1, ...
  // Brownian motions at t and at t + dt, [count, channels] each.
  std::span<const double> w_from, w_to;
  Key key;         // of draws that are no Brownian motion
  uint64_t first;  // the index of particle 0 in its streams

  // Increment i, and the same as a standard normal number.
  double Increment(size_t i) const { return w_to[i] - w_from[i]; }
};

// Mean [dim] and covariance [dim, dim] of a law.
struct StateMoments {
  std::vector<double> mean;
  std::vector<double> covariance;
};

// A normal law on the line.
struct Normal {
  double mean;
  double variance;
};

// A round normal law, where a process starts; std 0 is a point.
struct StartLaw {
  std::vector<double> mean;  // [dim]
  double std;
};

class Process : public Described {
 public:
  // Number of coordinates shown, >= 1, and the name of each.
  virtual int dim() const = 0;
  virtual std::string_view axis(int i) const { return i == 0 ? "x" : "y"; }
  // Numbers that a particle consists of: the coordinates, then what else a
  // transition has to remember.
  virtual int state_size() const { return dim(); }
  // Brownian motions that drive a particle.
  virtual int channels() const = 0;

  // Particles first, first + 1, ... at t = 0: x [count, state_size].
  virtual void Start(Key key, uint64_t first, std::span<double> x) const = 0;
  // Takes x [count, state_size] from leap.t to leap.t + leap.dt. Particle i
  // depends on what the leap holds of i alone.
  virtual void Step(const Leap& leap, std::span<double> x) const = 0;

  // What is known without a particle; nothing where it is not known. These are
  // of the process itself; a scheme with a finite step differs from them.
  virtual std::optional<StateMoments> MomentsAt(double) const { return {}; }
  // The probability density at x [dim]; nothing at times at which there is
  // none.
  virtual std::optional<double> DensityAt(double,
                                          std::span<const double>) const {
    return {};
  }
  // Whether the law is normal at all times, so that its moments tell all.
  virtual bool AlwaysNormal() const { return false; }
  // Up to a constant factor, the density that the law tends to, at x [dim].
  virtual std::optional<double> StationaryAt(std::span<const double>) const {
    return {};
  }
  // The law of one transition of the scheme, from x at t, where dim() is 1 and
  // it is normal.
  virtual std::optional<Normal> KernelAt(double /*t*/, double /*dt*/,
                                         double /*x*/) const {
    return {};
  }
  // Whether there are drift and diffusion; if so `drift` [dim] and `diffusion`
  // [dim, dim] are set to those of Ito's sense,
  // dp/dt = -sum_i d_i(drift_i p) + sum_ij d_i d_j(diffusion_ij p).
  virtual bool Coefficients(double /*t*/, std::span<const double> /*x*/,
                            std::span<double> /*drift*/,
                            std::span<double> /*diffusion*/) const {
    return false;
  }
  // Whether these are the same at all times.
  virtual bool Autonomous() const { return true; }
  // How many states 0, 1, ... there are, where the coordinate is one of few; 0
  // where it is any number. Of states a density is a probability.
  virtual size_t states() const { return 0; }
  // The law at t = 0, where it is a round normal one.
  virtual std::optional<StartLaw> StartedFrom() const { return {}; }

  // Time runs from 0 to t_max in `steps` equal steps.
  double t_max = 1;
  int64_t steps = 100;

  double TimeAt(int64_t position) const {
    return t_max * static_cast<double>(position) / static_cast<double>(steps);
  }

 protected:
  // The fields of time; call one of them first from Visit. The second is for
  // what happens step by step: there t counts the steps.
  void VisitTime(Visitor& visitor);
  void VisitSteps(Visitor& visitor);
};

template <>
std::span<const Row<Process>> Rows<Process>();

// The same rows under headings, for people.
struct ProcessGroup {
  std::string_view title;
  std::span<const Row<Process>> rows;
};
std::span<const ProcessGroup> ProcessGroups();

// The most steps a process may be asked for.
inline constexpr int64_t kMaxProcessSteps = 1000000;

// A process as words name it: process=NAME and its fields.
struct ProcessChoice final : Described {
  void Visit(Visitor& visitor) override;
  Choice<Process> process;
};

// The process of that name, its fields as `words` (key=value) say. Problems
// name the word or the field.
Result<ProcessChoice> ReadProcess(std::string_view name,
                                  std::span<const std::string> words);

// `count` particles in motion; every call of Step makes one transition, so a
// caller may stop, show and go on in between. Particle i depends on the key and
// first + i alone, not on count or on how the work is cut. The process must
// outlive this and not change.
class Motion {
 public:
  // count >= 1. Throws UsageError. All memory is taken here, none in Step.
  Motion(const Process& process, Key key, uint64_t first, int64_t count);

  // Makes one transition; false if the last one had been made already.
  bool Step();

  bool done() const { return position_ == process_.steps; }
  // Transitions made.
  int64_t position() const { return position_; }
  double t() const { return process_.TimeAt(position_); }
  // The particles now, [count, dim].
  std::span<const float> particles() const { return shown_; }
  // Everything that they consist of, [count, state_size].
  std::span<const double> states() const { return x_; }
  // Whether every coordinate shown is finite.
  bool finite() const;

 private:
  void Show();

  const Process& process_;
  Key key_;
  uint64_t first_;
  BrownianPaths brownian_;
  int64_t position_ = 0;
  std::vector<double> x_;     // [count, state_size]
  std::vector<float> shown_;  // [count, dim]
};

}  // namespace unnoise

#endif  // UNNOISE_PROCESS_PROCESS_H_
