// The assignment problem: who goes with whom so that the whole costs least.

#ifndef UNNOISE_METRIC_ASSIGNMENT_H_
#define UNNOISE_METRIC_ASSIGNMENT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace unnoise {

// column[i] goes with row i, each column with one row. The prices prove it the
// best: row_price[i] + column_price[j] <= cost[i, j], with equality for pairs
// that go together (both up to rounding), so that no assignment costs less than
// the sum of all prices.
struct Assignment {
  std::vector<uint32_t> column;
  std::vector<double> row_price;
  std::vector<double> column_price;
};

// An assignment of least cost, cost [n, n], row-major, finite; n >= 1. Among
// equals the one that is met first, the same everywhere. Takes some n^3
// steps at worst. Throws UsageError.
// Source: shortest augmenting paths with prices, Jonker, Volgenant 1987.
Assignment SolveAssignment(size_t n, std::span<const double> cost);

}  // namespace unnoise

#endif  // UNNOISE_METRIC_ASSIGNMENT_H_
