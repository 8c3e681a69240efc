// unnoise encode, likelihood and interpolate: what they write and print, and
// what they refuse.

#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <numbers>
#include <sstream>

#include "core/base/json.h"
#include "core/cli/cli.h"
#include "core/data/npy.h"
#include "core/sampling/flow.h"
#include "tests/core/cli/cli_fixture.h"
#include "tests/core/cli/faulty_files.h"

namespace unnoise {
namespace {

class FlowVerbsTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(cli_.Train({"--steps", "3", "--out", run_}), 0) << cli_.err;
  }
  NpyArray NpyIn(const std::string& path) {
    Result<NpyArray> array = ReadNpy(TextOf(path), path);
    EXPECT_TRUE(array.ok()) << path;
    return *array;
  }
  double Number(const char* name, const char* part = nullptr) {
    const Result<Json> json = ParseJson(cli_.out, "");
    EXPECT_TRUE(json.ok()) << cli_.out;
    const Json* value = json->Find(name);
    if (value != nullptr && part != nullptr) value = value->Find(part);
    EXPECT_TRUE(value != nullptr && value->AsNumber() != nullptr) << cli_.out;
    return *value->AsNumber();
  }
  void Write(const std::string& name, std::string_view text) {
    AtomicFile file(PosixFiles(), name);
    file.Append(text);
    file.Commit();
  }

  const Scratch scratch_;
  const std::string run_ = scratch_ / "run";
  Cli cli_;
};

// A law on the line whose units, path and density are known.
const std::vector<std::string> kNormal = {
    "exact", "data=gaussian_mixture", "data.weights=[1]", "data.means=[[3]]",
    "data.covariances=[[[4]]]"};

std::vector<std::string> Of(const char* verb, std::vector<std::string> subject,
                            const std::vector<std::string>& more) {
  subject.insert(subject.begin(), verb);
  subject.insert(subject.end(), more.begin(), more.end());
  return subject;
}

TEST_F(FlowVerbsTest, EncodeWritesTheFlowsOwnNumbers) {
  const std::string in = scratch_ / "in.csv", out = scratch_ / "noise.npy",
                    other = scratch_ / "other.npy";
  Write(in, "0.5,-1\n1.25,0.75\n-1,0\n");
  EXPECT_EQ(cli_.Run({"encode", run_, "--in", in, "--out", out, "--round-trip",
                      "--threads", "1"}),
            0)
      << cli_.err;
  EXPECT_TRUE(cli_.ErrHas("the noise of 3 points of " + in + " by step 3"))
      << cli_.err;
  EXPECT_TRUE(cli_.ErrHas("(dopri5)")) << cli_.err;
  EXPECT_EQ(cli_.out.rfind("Round trip: root mean square error ", 0), 0u)
      << cli_.out;
  const double error = std::stod(cli_.out.substr(35));
  EXPECT_LT(error, 1e-3);
  EXPECT_GT(error, 0);

  const std::unique_ptr<unnoise::Run> run = OpenRun(PosixFiles(), run_);
  const std::unique_ptr<Denoiser> denoiser = run->MakeDenoiser();
  std::vector<float> points = {0.5f, -1, 1.25f, 0.75f, -1, 0};
  run->standardiser().ToModel(points);
  Flow flow(*Choice<Sampler>("dopri5"), run->experiment().family->path(),
            *denoiser, Way::kToNoise, points);
  while (flow.Step()) {
  }
  const NpyArray noise = NpyIn(out);
  EXPECT_EQ(noise.shape, (std::vector<int64_t>{3, 2}));
  EXPECT_EQ(noise.values, flow.points());

  EXPECT_EQ(
      cli_.Run({"encode", run_, "--in", in, "--out", other, "--threads", "3"}),
      0);
  EXPECT_EQ(NpyIn(other), noise);
  // Without a place it is the run's.
  EXPECT_EQ(cli_.Run({"encode", run_, "--n", "7"}), 0) << cli_.err;
  EXPECT_EQ(NpyIn(run_ + "/noise.npy").shape, (std::vector<int64_t>{7, 2}));
  EXPECT_TRUE(cli_.ErrHas("7 fresh points")) << cli_.err;
}

TEST_F(FlowVerbsTest, LikelihoodIsThatOfTheNormalLaw) {
  const std::string out = scratch_ / "logp.npy", csv = scratch_ / "logp.csv";
  ASSERT_EQ(cli_.Run(Of("likelihood", kNormal,
                        {"--n", "4500", "--json", "--out", out})),
            0)
      << cli_.err;
  const double entropy =
      0.5 * std::log(2 * std::numbers::pi * std::numbers::e * 4);
  const double mean = Number("log_density", "value"),
               error = Number("log_density", "stderr");
  // Of points on their own law; the path's noise at t_min, of variance 4e-5
  // and less, does not show.
  EXPECT_NEAR(mean, -entropy, 4 * error);
  EXPECT_NEAR(error, std::sqrt(0.5 / 4500), 0.1 * error);
  EXPECT_NEAR(Number("bits_per_dim", "value"), -mean / std::numbers::ln2,
              1e-12);
  // But for what the end of the path is not quite the noise: alpha times the
  // data's deviations there, 3 sigma.
  EXPECT_NEAR(Number("law_minus_model", "value"), 0, 1e-3);
  EXPECT_EQ(Number("n"), 4500);
  EXPECT_EQ(Number("t"), 0.001);
  const NpyArray written = NpyIn(out);
  EXPECT_EQ(written.shape, (std::vector<int64_t>{4500}));
  double sum = 0;
  for (const float value : written.values) sum += value;
  EXPECT_NEAR(sum / 4500, mean, 1e-6);

  // More than a chunk, and other threads, and an estimate that is exact here.
  ASSERT_EQ(cli_.Run(Of("likelihood", kNormal,
                        {"--n", "4500", "--json", "--threads", "3",
                         "--divergence", "rademacher", "--probes", "2"})),
            0)
      << cli_.err;
  EXPECT_EQ(Number("log_density", "value"), mean);
  EXPECT_EQ(Number("probes"), 2);

  ASSERT_EQ(cli_.Run(Of("likelihood", kNormal, {"--n", "3", "--out", csv})), 0);
  std::istringstream lines(TextOf(csv));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "x0");
  for (size_t i = 0; i < 3; ++i) {
    std::getline(lines, line);
    EXPECT_EQ(std::stof(line), written.values[i]);
  }
  EXPECT_NE(
      cli_.out.find("3 fresh points, the exact law, at t = 0.001; dopri5"),
      std::string::npos)
      << cli_.out;
  EXPECT_NE(cli_.out.find("nats a point, in data units"), std::string::npos);
}

TEST_F(FlowVerbsTest, ChunksOfManyProbesDoNotChangeTheBits) {
  const auto run = [&](int n) {
    const std::string in = scratch_ / "same.csv", out = scratch_ / "p.npy";
    std::string text;
    for (int i = 0; i < n; ++i) text += "0.5,-0.25\n";
    Write(in, text);
    // 10,000 probes of two coordinates: 209 points at once.
    EXPECT_EQ(cli_.Run({"likelihood", "exact", "data=gaussian_grid", "--in", in,
                        "--divergence", "gaussian", "--probes", "10000",
                        "sampler=ode", "sampler.method=euler",
                        "sampler.steps=1", "--out", out}),
              0)
        << cli_.err;
    return NpyIn(out).values;
  };
  const std::vector<float> first = run(2), longer = run(212);
  EXPECT_EQ(first, std::vector<float>(longer.begin(), longer.begin() + 2));
  // Points of the second chunk have probes of their own, too.
  EXPECT_NE(longer[0], longer[1]);
  EXPECT_NE(longer[0], longer[209]);
}

TEST_F(FlowVerbsTest, OfAUsersPointsTheHeldOutOnesAreTaken) {
  const std::string points = scratch_ / "points.csv", run = scratch_ / "held";
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += std::to_string(i % 7) + "," + std::to_string(i % 5) + "\n";
  }
  Write(points, text);
  ASSERT_EQ(cli_.Train({"data=" + points, "data.held_out=0.25", "--steps", "2",
                        "--out", run}),
            0)
      << cli_.err;
  EXPECT_EQ(cli_.Run({"likelihood", run}), 0) << cli_.err;
  EXPECT_NE(cli_.out.find("10 held-out points"), std::string::npos) << cli_.out;
  EXPECT_NE(cli_.out.find("is a comb"), std::string::npos) << cli_.out;
  EXPECT_EQ(cli_.out.find("law less model"), std::string::npos) << cli_.out;
  EXPECT_EQ(cli_.Run({"likelihood", "exact", "data=" + points, "--json"}), 0)
      << cli_.err;
  EXPECT_EQ(Number("n"), 40);
  EXPECT_NE(cli_.out.find("\"comb\":true"), std::string::npos) << cli_.out;
}

TEST_F(FlowVerbsTest, InterpolationEndsAreTheEnds) {
  const std::string out = scratch_ / "way.npy", samples = scratch_ / "s.npy",
                    in = scratch_ / "in.csv", csv = scratch_ / "way.csv";
  // Between two samples: those of the seed, of whatever width the noise is.
  for (const std::vector<std::string>& subject :
       {std::vector<std::string>{run_},
        {"exact", "data=eight_gaussians", "path=ve"}}) {
    ASSERT_EQ(cli_.Run(Of("sample", subject,
                          {"sampler=dopri5", "--n", "9", "--seed", "1", "--out",
                           samples})),
              0);
    const std::vector<float> drawn = NpyIn(samples).values;
    for (const char* way : {"slerp", "linear"}) {
      ASSERT_EQ(cli_.Run(Of("interpolate", subject,
                            {"--from", "3", "--to", "8", "--seed", "1", "--way",
                             way, "--n", "5", "--out", out})),
                0)
          << cli_.err;
      const NpyArray found = NpyIn(out);
      EXPECT_EQ(found.shape, (std::vector<int64_t>{5, 2}));
      for (size_t k = 0; k < 2; ++k) {
        EXPECT_EQ(found.values[k], drawn[6 + k]);
        EXPECT_EQ(found.values[8 + k], drawn[16 + k]);
      }
    }
  }
  // Between points, given or named.
  Write(in, "0.5,-1\n1.25,0.75\n");
  for (const std::vector<std::string>& ends :
       {std::vector<std::string>{"--from", "[0.5,-1]", "--to", "[1.25,0.75]"},
        {"--in", in, "--from", "0", "--to", "1"}}) {
    std::vector<std::string> words = {"interpolate", run_, "--out", csv};
    words.insert(words.end(), ends.begin(), ends.end());
    ASSERT_EQ(cli_.Run(words), 0) << cli_.err;
    EXPECT_TRUE(cli_.ErrHas("11 points on the way round the sphere"));
    EXPECT_TRUE(cli_.ErrHas("come back to within")) << cli_.err;
    std::istringstream lines(TextOf(csv));
    std::string line;
    std::getline(lines, line);
    EXPECT_EQ(line, "part,x0,x1");
    std::getline(lines, line);
    EXPECT_EQ(line.rfind("0,", 0), 0u);
    // dopri5's tolerance of 1e-5, over there and back.
    EXPECT_NEAR(std::stof(line.substr(2)), 0.5, 2e-3);
    for (int i = 1; i <= 10; ++i) std::getline(lines, line);
    EXPECT_EQ(line.rfind("1,", 0), 0u);
    EXPECT_NEAR(std::stof(line.substr(2)), 1.25, 2e-3);
    EXPECT_FALSE(std::getline(lines, line));
  }
}

// Between the moons, where there is next to nothing, noise in single precision
// does not tell points apart.
TEST_F(FlowVerbsTest, FarFromTheDataTheWayBackIsExplained) {
  const std::string in = scratch_ / "between.csv", on = scratch_ / "on.csv",
                    out = scratch_ / "n.npy";
  Write(in, "1,0.1\n0,0.5\n");
  Write(on, "0.644,-1.037\n1.43,-0.986\n");
  for (const bool far : {true, false}) {
    EXPECT_EQ(cli_.Run({"encode", "exact", "data=two_moons", "--in",
                        far ? in : on, "--round-trip", "--out", out}),
              0);
    EXPECT_EQ(cli_.ErrHas("single precision"), far) << cli_.err << cli_.out;
    EXPECT_EQ(
        cli_.Run({"interpolate", "exact", "data=two_moons", "--in",
                  far ? in : on, "--from", "0", "--to", "1", "--out", out}),
        0);
    EXPECT_EQ(cli_.ErrHas("single precision"), far) << cli_.err;
  }
}

TEST_F(FlowVerbsTest, TheSamplerIsTheAskedOneOrDopri5) {
  const std::string out = scratch_ / "n.npy";
  const auto encoded = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"encode", run_, "--n", "3", "--out", out});
    EXPECT_EQ(cli_.Run(words), 0) << cli_.err;
  };
  encoded({});
  EXPECT_TRUE(cli_.ErrHas("(dopri5)")) << cli_.err;
  encoded({"sampler=ode", "sampler.method=rk4", "sampler.steps=5"});
  EXPECT_TRUE(cli_.ErrHas("20 questions a point (ode)")) << cli_.err;
  for (const char* word : {"sampler=ddim", "sampler=ddpm", "sampler=edm",
                           "sampler=euler_maruyama", "sampler.steps=7"}) {
    EXPECT_EQ(cli_.Run({"encode", run_, word}), kExitUsage) << word;
    EXPECT_TRUE(cli_.ErrHas("write sampler=ode or sampler=dopri5."))
        << cli_.err;
  }
}

TEST_F(FlowVerbsTest, RubbishIsNamedWithItsRepair) {
  const std::string in = scratch_ / "in.csv", three = scratch_ / "three.csv",
                    nan = scratch_ / "nan.csv", empty = scratch_ / "empty.npy";
  Write(in, "0,0\n1,1\n");
  Write(three, "0,0,0\n1,1,1\n");
  Write(nan, "0,nan\n1,1\n");
  Write(empty, "");
  const auto refused = [&](std::vector<std::string> words, const char* text,
                           int code = kExitUsage) {
    words.insert(words.begin() + 1, run_);
    EXPECT_EQ(cli_.Run(words), code) << text;
    EXPECT_TRUE(cli_.ErrHas(text)) << cli_.err;
  };
  for (const char* verb : {"encode", "likelihood"}) {
    refused({verb, "--in", three},
            "have 3 coordinates, and those of the model");
    refused({verb, "--in", nan}, "give a finite number");
    refused({verb, "--in", empty}, "at least 2 points");
    refused({verb, "--in", scratch_ / "none.npy"}, "no such file", kExitFile);
    refused({verb, "--in", in, "--n", "3"}, "leave it out");
    refused({verb, "--n", "0"}, "from 1 to");
    refused({verb, "--out", run_ + "/model.safetensors"}, "file of a run");
    refused({verb, "--out", scratch_ / "a.csv", "--dtype", "float64"},
            "has no type");
    refused({verb, "path=ve"}, "only the sampler can be set");
  }
  refused({"likelihood", "--divergence", "hutchinson"}, "gaussian or rademach");
  refused({"likelihood", "--probes", "3"}, "needs none");
  refused({"likelihood", "--divergence", "gaussian", "--probes", "0"},
          "from 1 to 10000");
  refused({"interpolate", "--to", "1"}, "--from: an end is missing");
  refused({"interpolate", "--from", "1", "--to", "2.5"}, "found \"2.5\"");
  refused({"interpolate", "--from", "-1", "--to", "2"}, "found \"-1\"");
  refused({"interpolate", "--from", "x", "--to", "2"}, "found \"x\"");
  refused({"interpolate", "--from", "[1]", "--to", "2"}, "has 2 coordinates");
  refused({"interpolate", "--from", "[1,null]", "--to", "2"}, "data units");
  refused({"interpolate", "--from", "[1,1e99]", "--to", "2"}, "single preci");
  refused({"interpolate", "--in", in, "--from", "0", "--to", "2"},
          "the last point of");
  refused({"interpolate", "--from", "1", "--to", "2", "--way", "round"},
          "write slerp");
  refused({"interpolate", "--from", "1", "--to", "2", "--n", "1"}, "from 2 to");
}

TEST_F(FlowVerbsTest, WhereTheFlowCannotGoNothingIsWritten) {
  const std::string far = scratch_ / "far.csv", near = scratch_ / "near.csv",
                    out = scratch_ / "n.npy";
  Write(far, "1,1\n3e38,-3e38\n");
  Write(near, "1,1\n0,0\n");
  const auto fails = [&](const std::string& in, std::vector<std::string> words,
                         const char* text) {
    words.insert(words.begin(), {"encode", "exact", "data=two_moons", "--in",
                                 in, "--out", out});
    EXPECT_EQ(cli_.Run(words), kExitDiverged);
    EXPECT_TRUE(cli_.ErrHas(text)) << cli_.err;
    EXPECT_TRUE(cli_.ErrHas("Nothing was written.")) << cli_.err;
    EXPECT_EQ(StatusOf(PosixFiles(), out).kind, FileKind::kNone);
  };
  fails(far, {"sampler=ode"}, "are not finite (the first is point 1, from 0)");
  fails(far, {}, "need smaller steps");
  fails(near,
        {"sampler=dopri5", "sampler.max_steps=10", "sampler.rtol=1e-6",
         "sampler.atol=1e-6", "sampler.steps=1"},
        "raise it, or sampler.rtol");
}

TEST_F(FlowVerbsTest, CtrlCLeavesNothing) {
  const std::string out = scratch_ / "n.npy";
  cli_.on_tick = [] { std::raise(SIGINT); };
  for (const char* verb : {"encode", "likelihood"}) {
    EXPECT_EQ(cli_.Run({verb, run_, "--n", "9", "--out", out}),
              kExitInterrupted);
    EXPECT_EQ(StatusOf(PosixFiles(), out).kind, FileKind::kNone) << verb;
  }
}

}  // namespace
}  // namespace unnoise
