// What holds for every row of the table.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/base/config.h"
#include "core/base/hash.h"
#include "tests/core/process/moves.h"

namespace unnoise {
namespace {

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const Row<Process>& row : Rows<Process>()) names.emplace_back(row.name);
  return names;
}

TEST(AllProcesses, AreNamedOnceAndExplained) {
  std::vector<std::string> names = Names();
  EXPECT_GE(names.size(), 22u);
  for (const Row<Process>& row : Rows<Process>()) {
    EXPECT_FALSE(row.title.empty()) << row.name;
    EXPECT_TRUE(row.help.ends_with('.')) << row.name;
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST(AllProcesses, DefaultsRunAndStayFinite) {
  for (const std::string& name : Names()) {
    const ProcessChoice choice = Make(name);
    const Process& process = *choice.process;
    Motion motion(process, KeyFromSeed(1), 0, 20);
    EXPECT_EQ(motion.particles().size(),
              20 * static_cast<size_t>(process.dim()));
    while (motion.Step()) ASSERT_TRUE(motion.finite()) << name;
    EXPECT_EQ(motion.position(), process.steps);
    EXPECT_DOUBLE_EQ(motion.t(), process.t_max);
    EXPECT_FALSE(motion.Step());
  }
}

// Time slicing, the number of particles and their grouping change no bit.
TEST(AllProcesses, ParticlesDependOnTheirIndexAlone) {
  for (const std::string& name : Names()) {
    const ProcessChoice choice = Make(name);
    const size_t dim = static_cast<size_t>(choice.process->dim());
    const auto all = Moved(*choice.process, 7, 4);
    const auto some = Moved(*choice.process, 2, 4, 3);
    for (size_t i = 0; i < all.size(); ++i) {
      for (size_t k = 0; k < 2 * dim; ++k) {
        ASSERT_EQ(all[i][3 * dim + k], some[i][k]) << name << " " << i;
      }
    }
    EXPECT_EQ(all, Moved(*choice.process, 7, 4)) << name;
  }
}

// The same bits on every machine: all states of 50 particles on the way, and
// what is known of them.
TEST(AllProcesses, BitsAreThoseKept) {
  const std::map<std::string, std::string> golden = {
      {"brownian_motion", "1d9852f00601470d"},
      {"reverse_brownian_motion", "6b24024da98c38d3"},
      {"white_noise", "d4ee0508a437e940"},
      {"linear_sde", "a490cae77be81100"},
      {"ornstein_uhlenbeck", "c363511edf005788"},
      {"linear_system", "e3721c1dedba7ecb"},
      {"stokes_friction", "c98947562af33ffd"},
      {"coloured_noise", "941ac59f2ee997cb"},
      {"gradient_flow", "fd4b1f0b7bb6ddaa"},
      {"score_ascent", "982ec2cd1948e99f"},
      {"langevin", "0917c3bb3823efa1"},
      {"double_well", "52fcd0ad2d1eed1b"},
      {"multiplicative_noise", "02a64f55ffb2db0e"},
      {"ode", "086120d2d2c73a0f"},
      {"ar1", "9045c001ba29d0b9"},
      {"vp_chain", "db44bdd2c370cbdb"},
      {"reverse_vp_chain", "9b3c23ef487abedb"},
      {"sgld", "def7696840225e21"},
      {"gibbs", "92148811d1d2ef9f"},
      {"jump_and_diffusion", "4ecadb55cd4f2d32"},
      {"two_states", "9c73269edfef4e8e"},
      {"master_equation", "96bbd1b891900d20"},
      {"taylor_series", "ab51a6a1a1b869d2"},
      {"matrix_series", "4c1f3891a48723df"},
      {"inverse_cdf", "3615dd6ab2a3826a"}};
  for (const std::string& name : Names()) {
    const ProcessChoice choice = Make(name);
    Fnv1a64 hash;
    for (const auto& state : Moved(*choice.process, 50, 7)) {
      for (const float x : state) hash.Float(x);
    }
    if (const auto law = choice.process->MomentsAt(0.7)) {
      for (const double m : law->mean) hash.Float(static_cast<float>(m));
      for (const double c : law->covariance) hash.Float(static_cast<float>(c));
    }
    const auto kept = golden.find(name);
    ASSERT_NE(kept, golden.end()) << name << " has " << hash.Hex();
    EXPECT_EQ(hash.Hex(), kept->second) << name;
  }
}

// At t = 0 closed forms are those of the start.
TEST(AllProcesses, ClosedFormsBeginWhereParticlesDo) {
  for (const std::string& name : Names()) {
    const ProcessChoice choice = Make(name);
    const Process& process = *choice.process;
    const std::optional<StateMoments> moments = process.MomentsAt(0);
    if (moments) {
      Motion motion(process, KeyFromSeed(1), 0, 20000);
      // The law at the start is a point, a normal law or a mixture, whose
      // fourth moment is below that of the normal one: its errors bound both.
      ExpectNormalMoments(
          {motion.particles().begin(), motion.particles().end()}, *moments,
          name);
    }
    const std::optional<StartLaw> start = process.StartedFrom();
    if (start && moments) {
      for (size_t i = 0; i < start->mean.size(); ++i) {
        EXPECT_NEAR(moments->mean[i], start->mean[i], 1e-12) << name;
        EXPECT_NEAR(moments->covariance[i * (start->mean.size() + 1)],
                    start->std * start->std, 1e-12)
            << name;
      }
    }
  }
}

// The kernel is the law of a step: 20000 particles from the process's start,
// each compared in mean and variance with what the kernel says of it.
TEST(AllProcesses, KernelsAreTheLawOfAStep) {
  int tested = 0;
  for (const std::string& name : Names()) {
    const ProcessChoice choice = Make(name);
    const Process& process = *choice.process;
    if (!process.KernelAt(0, 0.1, 0.5)) continue;
    ++tested;
    Motion motion(process, KeyFromSeed(8), 0, 20000);
    for (int step = 0; step < 2; ++step) {
      const double t = motion.t();
      const std::vector<float> from(motion.particles().begin(),
                                    motion.particles().end());
      motion.Step();
      double sum = 0, square = 0;
      for (size_t i = 0; i < from.size(); ++i) {
        const Normal law = *process.KernelAt(t, motion.t() - t, from[i]);
        const double z = law.variance > 0 ? (motion.particles()[i] - law.mean) /
                                                std::sqrt(law.variance)
                                          : 0;
        sum += z;
        square += z * z;
      }
      const double n = static_cast<double>(from.size());
      if (square == 0) continue;
      // Floats of the states add less than 1e-4 of a deviation.
      EXPECT_NEAR(sum / n, 0, 4 / std::sqrt(n) + 1e-4) << name;
      EXPECT_NEAR(square / n, 1, 4 * std::sqrt(2 / n) + 1e-3) << name;
    }
  }
  EXPECT_GE(tested, 8);
}

// Drift and diffusion are those of particles: the mean and the covariance of
// one short step from one point, divided by its length.
TEST(AllProcesses, CoefficientsAreThoseOfShortSteps) {
  constexpr double kStep = 1e-4;
  int tested = 0;
  for (const std::string& name : Names()) {
    const ProcessChoice choice = Make(
        name, name == "reverse_brownian_motion" || name.ends_with("vp_chain") ||
                      name == "ar1" || name == "sgld" || name == "gibbs" ||
                      name == "taylor_series" || name == "inverse_cdf"
                  ? std::vector<std::string>{}
                  : std::vector<std::string>{"t_max=0.001", "steps=10"});
    const Process& process = *choice.process;
    const size_t dim = static_cast<size_t>(process.dim());
    std::vector<double> drift(dim), diffusion(dim * dim), x(dim, 0.7);
    if (!process.Coefficients(0, x, drift, diffusion) ||
        static_cast<size_t>(process.state_size()) != dim) {
      continue;
    }
    ++tested;
    constexpr size_t kCount = 20000;
    BrownianPaths w(kStep, 1, KeyFromSeed(2), 0,
                    kCount * static_cast<size_t>(process.channels()));
    w.Advance();
    std::vector<double> states(kCount * dim, 0.7);
    process.Step({.t = 0,
                  .dt = kStep,
                  .number = 0,
                  .w_from = w.from(),
                  .w_to = w.to(),
                  .key = {},
                  .first = 0},
                 states);
    for (size_t a = 0; a < dim; ++a) {
      double sum = 0;
      for (size_t i = a; i < states.size(); i += dim) sum += states[i] - 0.7;
      const double error = std::sqrt(2 * diffusion[a * (dim + 1)] / kStep);
      // Four standard errors, and the next order of the step.
      EXPECT_NEAR(
          sum / kCount / kStep, drift[a],
          4 * error / std::sqrt(kCount) + 1e-2 * (1 + std::fabs(drift[a])))
          << name;
      for (size_t b = 0; b < dim; ++b) {
        double product = 0;
        for (size_t i = 0; i < states.size(); i += dim) {
          product += (states[i + a] - 0.7 - drift[a] * kStep) *
                     (states[i + b] - 0.7 - drift[b] * kStep);
        }
        EXPECT_NEAR(
            product / kCount / kStep, 2 * diffusion[a * dim + b],
            0.08 * (diffusion[a * (dim + 1)] + diffusion[b * (dim + 1)]) + 1e-2)
            << name;
      }
    }
  }
  EXPECT_GE(tested, 10);
}

// Every number at both ends of its range is a problem, a status or a finite
// picture; nothing throws. Steps are few, so that this takes no time.
TEST(AllProcesses, EdgesOfRangesAreProblemsOrStatuses) {
  struct Ends final : Visitor {
    void Int(const Field& f, const Range& r, int64_t&) override { Add(f, r); }
    void Real(const Field& f, const Range& r, double&) override { Add(f, r); }
    void Bool(const Field&, bool&) override {}
    void Text(const Field&, std::string&) override {}
    void Option(const Field& f, std::span<const std::string_view> options,
                int&) override {
      for (const auto option : options) {
        words.push_back(std::string(f.name) + "=" + std::string(option));
      }
    }
    void Numbers(const Field&, const Range&, int, NumberArray&) override {}
    void Section(const Field&, Described&) override {}
    void Kind(const Field&, ChoiceBase&) override {}
    void KindInline(const Field&, ChoiceBase&) override {}
    void Add(const Field& f, const Range& r) {
      for (const double end : {r.min, r.max}) {
        words.push_back(std::string(f.name) + "=" + Write(Json(end)));
      }
    }
    std::vector<std::string> words;
  };
  for (const std::string& name : Names()) {
    Ends ends;
    ProcessChoice choice = Make(name);
    choice.process->Visit(ends);
    for (const std::string& word : ends.words) {
      const bool long_way =
          word.starts_with("steps=1000") || word.starts_with("levels=1000");
      if (long_way) continue;
      const auto read = ReadProcess(name, std::vector<std::string>{word});
      if (!read.ok()) {
        EXPECT_FALSE(read.problems()[0].message.empty());
        continue;
      }
      Motion motion(*read->process, KeyFromSeed(1), 0, 3);
      for (int i = 0; i < 200 && motion.finite() && motion.Step(); ++i) {
      }
      EXPECT_NO_THROW(read->process->MomentsAt(read->process->t_max)) << word;
    }
  }
}

}  // namespace
}  // namespace unnoise
