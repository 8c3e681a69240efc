#include "core/path/tables.h"

#include <string>
#include <utility>

#include "core/base/exact_math.h"
#include "core/base/json.h"

namespace unnoise {
namespace {

constexpr size_t kMostRows = 10000;

std::string Place(const char* name, size_t i) {
  return std::string(name) + '[' + std::to_string(i) + ']';
}

}  // namespace

BetaTable::BetaTable() {
  for (int i = 1; i <= 16; ++i) betas_.numbers.push_back(i * 5 / 100.0);
  PrepareIfChanged();
}

void BetaTable::Visit(Visitor& v) {
  v.Numbers({"betas",
             "The variance that each transition replaces by noise. There are "
             "as many transitions as numbers; a sampler with as many steps "
             "makes each once.",
             "Ho, Jain, Abbeel 2020, eq. 2"},
            {1e-6, 0.9999}, 1, betas_);
  VisitInterval(v);
  PrepareIfChanged();
}

void BetaTable::Validate(Problems& problems) const {
  Path::Validate(problems);
  problems.insert(problems.end(), problems_.begin(), problems_.end());
}

void BetaTable::PrepareIfChanged() {
  if (betas_ == prepared_of_) return;
  prepared_of_ = betas_;
  problems_.clear();
  const size_t count = betas_.numbers.size();
  if (count == 0 || count > kMostRows) {
    problems_.push_back({"betas", "found " + std::to_string(count) +
                                      " numbers; give from 1 to " +
                                      std::to_string(kMostRows) + "."});
    return;
  }
  std::vector<double> t = {0}, total = {0};
  for (size_t i = 0; i < count; ++i) {
    t.push_back(static_cast<double>(i + 1) / static_cast<double>(count));
    total.push_back(total.back() - exact::Log1p(-betas_.numbers[i]));
    if (total.back() > kLargestTotal) {
      problems_.push_back(
          {Place("betas", i),
           "after this transition no number can hold what is left of the "
           "data; give fewer or smaller betas."});
      return;
    }
  }
  total_ = MonotoneCurve(std::move(t), std::move(total));
}

Coefficients BetaTable::At(double t) const {
  const MonotoneCurve::Point total = total_.At(t);
  return PreservingAt(total.value, total.slope);
}

TablePath::TablePath()  // an arc in five points
    : times_{{0, 0.25, 0.5, 0.75, 1}, {}},
      alphas_{{1, 0.92, 0.71, 0.38, 0}, {}},
      sigmas_{{0, 0.38, 0.71, 0.92, 1}, {}} {
  t_max = 0.99938;  // alpha there is 1.004e-3
  PrepareIfChanged();
}

void TablePath::Visit(Visitor& v) {
  v.Numbers({"times",
             "Ascending, in any unit: the first is taken as t = 0, the last as "
             "t = 1."},
            {-1e9, 1e9}, 1, times_);
  v.Numbers({"alphas",
             "What is left of the data at each time; must not rise. The last "
             "may be 0."},
            {0, 1}, 1, alphas_);
  v.Numbers({"sigmas",
             "Standard deviation of the noise at each time; must not fall. The "
             "first may be 0."},
            {0, 1000}, 1, sigmas_);
  VisitInterval(v);
  PrepareIfChanged();
}

void TablePath::Validate(Problems& problems) const {
  Path::Validate(problems);
  problems.insert(problems.end(), problems_.begin(), problems_.end());
}

void TablePath::PrepareIfChanged() {
  std::vector<NumberArray> fields = {times_, alphas_, sigmas_};
  if (fields == prepared_of_) return;
  prepared_of_ = std::move(fields);
  problems_.clear();
  const std::vector<double>&times = times_.numbers, &alphas = alphas_.numbers,
        &sigmas = sigmas_.numbers;
  const size_t count = times.size();
  const auto problem = [&](std::string place, std::string message) {
    problems_.push_back({std::move(place), std::move(message)});
  };
  if (count < 2 || count > kMostRows) {
    problem("times", "found " + std::to_string(count) +
                         " numbers; give from 2 to " +
                         std::to_string(kMostRows) + ".");
    return;
  }
  for (const auto& [name, column] :
       {std::pair{"alphas", &alphas}, {"sigmas", &sigmas}}) {
    if (column->size() != count) {
      problem(name, "found " + std::to_string(column->size()) +
                        " numbers; give one for each of the " +
                        std::to_string(count) + " times.");
    }
  }
  if (!problems_.empty()) return;
  std::vector<double> t;
  const double first = times.front(), span = times.back() - first;
  for (size_t i = 0; i < count; ++i) {
    t.push_back((times[i] - first) / span);
    if (alphas[i] == 0 && i + 1 < count) {
      problem(Place("alphas", i),
              "only the last may be 0; end the table here.");
    }
    if (sigmas[i] == 0 && i > 0) {
      problem(Place("sigmas", i),
              "only the first may be 0; begin the table "
              "here.");
    }
    if (i == 0) continue;
    const auto found = [&](const std::vector<double>& column) {
      return "found " + Write(column[i]) + " after " + Write(column[i - 1]);
    };
    // The second fails where they are too close for their distance from 0.
    if (!(times[i] > times[i - 1] && t[i] > t[i - 1])) {
      problem(Place("times", i), found(times) + "; give times that ascend.");
    }
    if (alphas[i] > alphas[i - 1]) {
      problem(Place("alphas", i), found(alphas) + "; alpha must not rise.");
    }
    if (sigmas[i] < sigmas[i - 1]) {
      problem(Place("sigmas", i), found(sigmas) + "; sigma must not fall.");
    }
    if (alphas[i] == alphas[i - 1] && sigmas[i] == sigmas[i - 1]) {
      problem(Place("sigmas", i),
              "neither alpha nor sigma changes here; leave this time out.");
    }
    if (!problems_.empty()) return;
  }
  alpha_ = MonotoneCurve(t, alphas);
  sigma_ = MonotoneCurve(std::move(t), sigmas);
}

Coefficients TablePath::At(double t) const {
  const MonotoneCurve::Point alpha = alpha_.At(t), sigma = sigma_.At(t);
  return {alpha.value, sigma.value, alpha.slope, sigma.slope};
}

}  // namespace unnoise
