// Mixtures of normal laws: what does not fit together, covariances, the
// greatest dimension, the line. What holds for every set is in dataset_test.cc.

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/base/config.h"
#include "core/data/dataset.h"

namespace unnoise {
namespace {

std::vector<float> Drawn(const Dataset& data, uint64_t seed, uint64_t first,
                         size_t count) {
  std::vector<float> out(count * static_cast<size_t>(data.dim()));
  data.Draw(KeyFromSeed(seed), first, out);
  return out;
}

// Reads `fields` over the defaults of a set.
Problems Configure(Dataset& data, std::string_view fields) {
  return FromJson(*ParseJson(fields, ""), data);
}

TEST(Mixture1dTest, FindsWhatDoesNotFit) {
  const auto problems = [](std::string_view fields) {
    Choice<Dataset> data("mixture_1d");
    return ToText(Configure(*data, fields));
  };
  EXPECT_EQ(problems(R"({"weights":[]})"),
            "weights: give 1 to 256 weights, at least one of them above 0.");
  EXPECT_EQ(problems(R"({"weights":[1,1],"stds":[1,1]})"),
            "means: found 3 numbers; give one for each of the 2 weights.");
  EXPECT_NE(problems(R"({"stds":[1,1,-1]})"), "");
  EXPECT_EQ(problems(R"({"weights":[2],"means":[7],"stds":[0]})"), "");
}

TEST(Mixture1dTest, IsTheMixtureOfOneDimension) {
  Choice<Dataset> general("gaussian_mixture"), line("mixture_1d");
  ASSERT_EQ(ToText(Configure(*general, R"({"weights":[1,3],"means":[[2],[-1]],)"
                                       R"("covariances":[[[0.25]],[[4]]]})")),
            "");
  ASSERT_EQ(ToText(Configure(*line, R"({"weights":[1,3],"means":[2,-1],)"
                                    R"("stds":[0.5,2]})")),
            "");
  EXPECT_EQ(Drawn(*line, 3, 5, 500), Drawn(*general, 3, 5, 500));
}

TEST(GaussianMixtureTest, FindsWhatDoesNotFit) {
  const auto problems = [](std::string_view fields) {
    Choice<Dataset> data("gaussian_mixture");
    return ToText(Configure(*data, fields));
  };
  EXPECT_EQ(problems(R"({"weights":[]})"),
            "weights: give 1 to 256 weights, at least one of them above 0.");
  EXPECT_EQ(problems(R"({"weights":[0,0,0]})"),
            "weights: give 1 to 256 weights, at least one of them above 0.");
  EXPECT_EQ(problems(R"({"weights":[1,1]})"),
            "means: give a list of 1 to 64 coordinates for each of the 2 "
            "weights.");
  EXPECT_EQ(problems(R"({"means":[[1,2],[3],[4,5]]})"),
            "means[1]: found 1 coordinates where the first mean has 2; give as "
            "many.");
  EXPECT_EQ(problems(R"({"covariances":[]})"),
            "covariances: found 0 matrices; give one for each of the 3 "
            "weights.");
  EXPECT_EQ(
      problems(R"({"covariances":[[[1,0],[0,1]],[[1]],[[1,0.5],[0.4,1]]]})"),
      "covariances[1]: give 2 rows of 2 numbers, as the means have 2 "
      "coordinates.\n"
      "covariances[2]: this is not symmetric; give row i, column j the same "
      "number as row j, column i.");
  EXPECT_EQ(
      problems(
          R"({"covariances":[[[1,1],[1,1]],[[1,2],[2,1]],[[0,0],[0,1]]]})"),
      "covariances[0]: this is not positive definite; raise the diagonal, or "
      "lower what is off it.\n"
      "covariances[1]: this is not positive definite; raise the diagonal, or "
      "lower what is off it.\n"
      "covariances[2]: this is not positive definite; raise the diagonal, or "
      "lower what is off it.");
}

TEST(GaussianMixtureTest, DrawsHaveTheCovariance) {
  Choice<Dataset> data("gaussian_mixture");
  ASSERT_EQ(ToText(Configure(*data, R"({"weights":[2],"means":[[0,0]],)"
                                    R"("covariances":[[[1,0.6],[0.6,0.5]]]})")),
            "");
  constexpr int kCount = 100000;
  const std::vector<float> x = Drawn(*data, 7, 0, kCount);
  double sum = 0;
  for (int i = 0; i < kCount; ++i) sum += double{x[2 * i]} * x[2 * i + 1];
  // Var(xy) = var x var y + cov^2 for a centred normal pair.
  EXPECT_NEAR(sum / kCount, 0.6, 4 * std::sqrt((0.5 + 0.36) / kCount));
}

TEST(GaussianMixtureTest, TakesTheGreatestDimension) {
  std::string mean = "[0", rows;
  for (int i = 1; i < 64; ++i) mean += ",0";
  mean += ']';
  for (int i = 0; i < 64; ++i) {
    rows += i ? ",[" : "[";
    for (int j = 0; j < 64; ++j) {
      rows += std::string(j ? "," : "") + (i == j ? "1" : "0");
    }
    rows += ']';
  }
  Choice<Dataset> data("gaussian_mixture");
  ASSERT_EQ(
      ToText(Configure(*data, R"({"weights":[1],"means":[)" + mean +
                                  R"(],"covariances":[[)" + rows + "]]}")),
      "");
  EXPECT_EQ(data->dim(), 64);
  // With unit covariance the draws are the normal draws.
  std::vector<float> normals(64 * 40);
  FillNormal(Fold(KeyFromSeed(3), "noise"), 64 * 5, normals);
  EXPECT_EQ(Drawn(*data, 3, 5, 40), normals);
}

}  // namespace
}  // namespace unnoise
