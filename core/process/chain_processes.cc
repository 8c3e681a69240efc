// Chains that go step by step: there t counts the steps. A row each.

#include <algorithm>
#include <cmath>
#include <string>

#include "core/process/mixture.h"
#include "core/process/powers.h"
#include "core/process/rows.h"
#include "core/process/start.h"

namespace unnoise {
namespace {

class Autoregression final : public Process {
 public:
  int dim() const override { return static_cast<int>(start_.dim()); }
  int channels() const override { return dim(); }

  void Visit(Visitor& v) override {
    VisitSteps(v);
    v.Real({"a", "What is kept of x: more than 1 explodes, less vanishes.",
            "Chan 2024, theorem 2.1"},
           {-10, 10}, a_);
    v.Real({"b", "Standard deviation of what each step adds."}, {0, 1e3}, b_);
    v.Bool({"preserve", "Sets b so that unit variance stays: b^2 = 1 - a^2."},
           preserve_);
    start_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    start_.Validate(1, 2, problems);
    if (preserve_ && std::fabs(a_) > 1) {
      problems.push_back({"a",
                          "beyond 1 no noise keeps the variance; give an a "
                          "from -1 to 1, or preserve=false."});
    }
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    start_.Draw(key, first, start_.dim(), x);
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const double b = Noise();
    for (size_t i = 0; i < x.size(); ++i) {
      x[i] = a_ * x[i] + b * leap.Increment(i);
    }
  }

  std::optional<StateMoments> MomentsAt(double t) const override {
    const int64_t n = static_cast<int64_t>(t);
    const double factor = Power(a_, n), b = Noise();
    StateMoments moments = start_.moments();
    for (double& value : moments.mean) value *= factor;
    for (double& value : moments.covariance) value *= factor * factor;
    for (size_t i = 0; i < start_.dim(); ++i) {
      moments.covariance[i * start_.dim() + i] +=
          b * b * GeometricSum(a_ * a_, n);
    }
    return moments;
  }
  std::optional<Normal> KernelAt(double, double, double x) const override {
    if (start_.dim() != 1) return {};
    return Normal{a_ * x, Noise() * Noise()};
  }
  std::optional<StartLaw> StartedFrom() const override { return start_.law(); }

 private:
  double Noise() const { return preserve_ ? std::sqrt(1 - a_ * a_) : b_; }

  double a_ = 0.95;
  double b_ = 0.3;
  bool preserve_ = false;
  NormalStart start_{{2.0}};
};

// The data of both chains below, and how much of them is left after i steps.
// Chan 2024, examples 2.1 and 4.6.
struct VpData {
  RoundMixture mixture{{0.5, 0.5}, {{3}, {-3}}, {1, 1}};
  double alpha = 0.95;

  void Visit(Visitor& v) {
    v.Real({"alpha",
            "What a step keeps of the signal's power; it adds noise of "
            "variance 1 - alpha.",
            "Ho, Jain, Abbeel 2020, eq. 2"},
           {0.01, 0.999999}, alpha);
    mixture.Visit(v);
  }
  double kept(int64_t i) const { return Power(alpha, i); }
};

class VpChain final : public Process {
 public:
  int dim() const override { return static_cast<int>(data_.mixture.dim()); }
  std::string_view axis(int i) const override { return i == 0 ? "x" : "y"; }
  int channels() const override { return dim(); }

  void Visit(Visitor& v) override {
    VisitSteps(v);
    data_.Visit(v);
  }
  void Validate(Problems& problems) const override {
    data_.mixture.Validate(2, problems);
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    data_.mixture.Draw(key, first, data_.mixture.dim(), x);
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const double keep = std::sqrt(data_.alpha),
                 add = std::sqrt(1 - data_.alpha);
    for (size_t i = 0; i < x.size(); ++i) {
      x[i] = keep * x[i] + add * leap.Increment(i);
    }
  }

  std::optional<StateMoments> MomentsAt(double t) const override {
    const double kept = data_.kept(static_cast<int64_t>(t));
    StateMoments moments;
    data_.mixture.Moments(std::sqrt(kept), 1 - kept, moments.mean,
                          moments.covariance);
    return moments;
  }
  std::optional<double> DensityAt(double t,
                                  std::span<const double> x) const override {
    const double kept = data_.kept(static_cast<int64_t>(t));
    return data_.mixture.Noised(std::sqrt(kept), 1 - kept).Density(x);
  }
  std::optional<Normal> KernelAt(double, double, double x) const override {
    if (data_.mixture.dim() != 1) return {};
    return Normal{std::sqrt(data_.alpha) * x, 1 - data_.alpha};
  }

 private:
  VpData data_;
};

// From noise back to the data of VpChain with its exact scores. Each level is
// one predicting step and some correcting ones; each counts as a step of time.
class ReverseVpChain final : public Process {
 public:
  ReverseVpChain() { steps = levels_; }

  int dim() const override { return static_cast<int>(data_.mixture.dim()); }
  std::string_view axis(int i) const override { return i == 0 ? "x" : "y"; }
  int channels() const override { return dim(); }

  void Visit(Visitor& v) override {
    static constexpr std::string_view kOptions[] = {"sde", "ddpm"};
    v.Int({"levels", "Number of levels of noise from the start to the data."},
          {1, 10000, Scale::kLog}, levels_);
    v.Option({"predictor",
              "sde: the reverse equation in time, one step a level; ddpm: the "
              "step of Ho, Jain and Abbeel with the data expected.",
              "Song et al. 2021, algorithm 3"},
             kOptions, predictor_);
    v.Real({"score_scale",
            "What the predictor multiplies the score by. 1 is right; others "
            "show what becomes of an error.",
            "Anderson 1982"},
           {0, 2}, score_scale_);
    v.Int({"corrections",
           "Langevin's steps at each new level, which lead nearer to its law.",
           "Song et al. 2021, algorithm 3"},
          {0, 99}, corrections_);
    v.Real({"correction_size", "How long each of these is."}, {0, 1},
           correction_size_);
    data_.Visit(v);
    steps = levels_ * (1 + corrections_);
    t_max = static_cast<double>(steps);
  }
  void Validate(Problems& problems) const override {
    data_.mixture.Validate(2, problems);
  }

  void Start(Key key, uint64_t first, std::span<double> x) const override {
    std::vector<float> normal(x.size());
    FillNormal(key, first * data_.mixture.dim(), normal);
    std::copy(normal.begin(), normal.end(), x.begin());
  }
  void Step(const Leap& leap, std::span<double> x) const override {
    const size_t n = data_.mixture.dim();
    const Update update = UpdateOf(leap.number);
    const double noise = std::sqrt(update.variance);
    const NoisedMixture law = data_.mixture.Noised(update.scale, update.added);
    double score[2];
    for (size_t i = 0; i < x.size(); i += n) {
      law.Score(x.subspan(i, n), {score, n});
      for (size_t axis = 0; axis < n; ++axis) {
        x[i + axis] = update.keep * x[i + axis] + update.climb * score[axis] +
                      noise * leap.Increment(i + axis);
      }
    }
  }
  std::optional<Normal> KernelAt(double t, double, double x) const override {
    if (data_.mixture.dim() != 1) return {};
    const Update update = UpdateOf(static_cast<int64_t>(t));
    double score;
    data_.mixture.Noised(update.scale, update.added)
        .Score({&x, 1}, {&score, 1});
    return Normal{update.keep * x + update.climb * score, update.variance};
  }
  std::optional<StartLaw> StartedFrom() const override {
    return StartLaw{std::vector<double>(data_.mixture.dim(), 0), 1};
  }

 private:
  enum Predictor { kSde, kDdpm };

  // x becomes keep x + climb score + a normal number of that variance; the
  // score is of the data times `scale` with noise of variance `added`.
  struct Update {
    double keep, climb, variance, scale, added;
  };
  Update UpdateOf(int64_t number) const {
    const int64_t part = number % (1 + corrections_);
    // A correction is made at the level that the predictor has reached.
    const int64_t level =
        levels_ - number / (1 + corrections_) - (part > 0 ? 1 : 0);
    const double kept = data_.kept(level), alpha = data_.alpha;
    Update update{1, correction_size_, 2 * correction_size_, std::sqrt(kept),
                  1 - kept};
    if (part > 0) return update;
    const double root = std::sqrt(alpha);
    update.keep = 1 / root;
    update.climb = score_scale_ * (1 - alpha) / root;
    update.variance = 1 - alpha;
    if (predictor_ == kDdpm) {
      // The mean of the reverse step, given the expected data (x + (1 - kept)
      // score) / sqrt(kept), is that of the equation in time to the letter; its
      // variance is that of the step given the data.
      update.variance *= (1 - data_.kept(level - 1)) / (1 - kept);
    }
    return update;
  }

  int64_t levels_ = 100;
  int predictor_ = kSde;
  double score_scale_ = 1;
  int64_t corrections_ = 0;
  double correction_size_ = 0.05;
  VpData data_;
};

constexpr Row<Process> kRows[] = {
    MakeRow<Process, Autoregression>(
        "ar1", "Autoregression",
        "x = a x + b z again and again: it explodes, vanishes or, with the "
        "right b, keeps its variance."),
    MakeRow<Process, VpChain>(
        "vp_chain", "Noising chain",
        "A mixture is shrunk a little and gets a little noise, step by step, "
        "until a standard normal law is left. Its density is known all the "
        "way."),
    MakeRow<Process, ReverseVpChain>(
        "reverse_vp_chain", "Reverse of the noising chain",
        "From noise back to the mixture by its exact score, with corrections "
        "by Langevin's steps if you like."),
};

}  // namespace

std::span<const Row<Process>> ChainProcesses() { return kRows; }

}  // namespace unnoise
