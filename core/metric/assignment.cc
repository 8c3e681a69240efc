#include "core/metric/assignment.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/check.h"

namespace unnoise {
namespace {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

class Solver {
 public:
  Solver(size_t n, std::span<const double> cost)
      : n_(n),
        cost_(cost),
        row_of_(n, kNone),
        distance_(n),
        from_(n),
        columns_(n) {
    result_.column.assign(n, kNone);
    result_.row_price.assign(n, 0);
    result_.column_price.assign(n, 0);
  }

  Assignment Solve() {
    PriceColumns();
    for (uint32_t row = 0; row < n_; ++row) {
      if (result_.column[row] == kNone) Augment(row);
    }
    for (size_t i = 0; i < n_; ++i) {
      const uint32_t j = result_.column[i];
      result_.row_price[i] = cost_[i * n_ + j] - result_.column_price[j];
    }
    return std::move(result_);
  }

 private:
  // Every column costs what its cheapest row asks; a row that is the cheapest
  // of several goes with the last of them.
  void PriceColumns() {
    for (size_t k = n_; k-- > 0;) {
      uint32_t best = 0;
      for (uint32_t i = 1; i < n_; ++i) {
        if (cost_[i * n_ + k] < cost_[best * n_ + k]) best = i;
      }
      result_.column_price[k] = cost_[best * n_ + k];
      if (result_.column[best] == kNone) {
        result_.column[best] = static_cast<uint32_t>(k);
        row_of_[k] = best;
      }
    }
  }

  // Dijkstra's algorithm from a row without a column to the nearest column
  // without a row, over costs less prices, which are not negative; then every
  // row of the path moves on by one column.
  // columns_ holds the columns whose distance is final, [0, done), and the
  // others behind them.
  void Augment(uint32_t free_row) {
    for (uint32_t j = 0; j < n_; ++j) {
      columns_[j] = j;
      from_[j] = free_row;
      distance_[j] = cost_[free_row * n_ + j] - result_.column_price[j];
    }
    size_t done = 0;
    uint32_t end;
    double shortest;
    while (true) {
      size_t nearest = done;
      for (size_t k = done + 1; k < n_; ++k) {
        const double x = distance_[columns_[k]],
                     y = distance_[columns_[nearest]];
        // Among equals a column that nobody has.
        if (x < y || (x == y && row_of_[columns_[k]] == kNone)) nearest = k;
      }
      std::swap(columns_[done], columns_[nearest]);
      end = columns_[done];
      shortest = distance_[end];
      const uint32_t row = row_of_[end];
      if (row == kNone) break;
      ++done;
      const double* costs = cost_.data() + row * n_;
      const double base = shortest - (costs[end] - result_.column_price[end]);
      for (size_t k = done; k < n_; ++k) {
        const uint32_t j = columns_[k];
        const double through = base + (costs[j] - result_.column_price[j]);
        if (through < distance_[j]) {
          distance_[j] = through;
          from_[j] = row;
        }
      }
    }
    for (size_t k = 0; k < done; ++k) {
      const uint32_t j = columns_[k];
      result_.column_price[j] += distance_[j] - shortest;
    }
    for (uint32_t column = end; column != kNone;) {
      const uint32_t row = from_[column];
      row_of_[column] = row;
      std::swap(column, result_.column[row]);  // none for the free row
    }
  }

  size_t n_;
  std::span<const double> cost_;
  Assignment result_;
  std::vector<uint32_t> row_of_;  // of each column
  std::vector<double> distance_;  // of each column from the free row
  std::vector<uint32_t> from_;    // the row before each column on its path
  std::vector<uint32_t> columns_;
};

}  // namespace

Assignment SolveAssignment(size_t n, std::span<const double> cost) {
  Check(n >= 1 && n < kNone && cost.size() / n == n && cost.size() % n == 0,
        "costs are a square of one row or more");
  Check(std::all_of(cost.begin(), cost.end(),
                    [](double x) { return std::isfinite(x); }),
        "an assignment needs finite costs");
  return Solver(n, cost).Solve();
}

}  // namespace unnoise
