// Describe once, derive the rest. A configuration is a struct that visits its
// own fields, each with its name, range, unit, help and source; flags, JSON,
// validation, the page's controls, share links and documentation are visitors
// (config.h). A hyperparameter is one line:
//
//   void Visit(Visitor& v) override {
//     v.Int({"width", "Units in each hidden layer."}, {1, 1024, Scale::kLog},
//           width);
//   }
//
// A choice between kinds of a thing, each with fields of its own (a path, a
// data set, a sampler), is a Choice<T> over the explicit list of rows that
// `Rows<T>()` returns. A kind is its struct: configuration and behaviour.

#ifndef UNNOISE_BASE_DESCRIBE_H_
#define UNNOISE_BASE_DESCRIBE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.h"
#include "core/base/problem.h"

namespace unnoise {

class Described;
class ChoiceBase;

// What a field is, in words. `name` is snake_case and is its key in JSON and on
// the command line; `help` is for learners; `source` cites author, year and
// section or equation where the field comes from.
struct Field {
  std::string_view name;
  std::string_view help;
  std::string_view source = "";
  std::string_view unit = "";
};

enum class Scale { kLinear, kLog };

// Allowed values, both ends included. `scale` is how a slider should run.
struct Range {
  double min;
  double max;
  Scale scale = Scale::kLinear;
};

// Numbers nested `rank` deep, row-major, each level of equal lengths or, for
// lists of matrices, not: shape is data. Rank 1 [..], 2 [[..]], 3 [[[..]]].
struct NumberArray {
  std::vector<double> numbers;        // rank 1
  std::vector<NumberArray> elements;  // rank > 1

  bool operator==(const NumberArray&) const = default;
};

// Sees every field of a configuration, in order.
class Visitor {
 public:
  virtual ~Visitor() = default;

  virtual void Int(const Field&, const Range&, int64_t& value) = 0;
  virtual void Real(const Field&, const Range&, double& value) = 0;
  virtual void Bool(const Field&, bool& value) = 0;
  virtual void Text(const Field&, std::string& value) = 0;
  // One of `options` by index.
  virtual void Option(const Field&, std::span<const std::string_view> options,
                      int& value) = 0;
  // Numbers nested `rank` deep; each within the range.
  virtual void Numbers(const Field&, const Range&, int rank,
                       NumberArray& value) = 0;
  // A group of fields under one name.
  virtual void Section(const Field&, Described& value) = 0;
  // A kind and its fields under one name: {"kind": ..., fields of the kind}.
  virtual void Kind(const Field&, ChoiceBase& value) = 0;
  // The same, but the fields of the kind stand beside the name, not under it.
  virtual void KindInline(const Field&, ChoiceBase& value) = 0;
};

// A configuration, or a part of one.
class Described {
 public:
  virtual ~Described() = default;

  // Shows every field to the visitor.
  virtual void Visit(Visitor& visitor) = 0;

  // Adds what ranges of single fields cannot say. Paths of problems are
  // relative to this part ("means"), "" for the part itself. Called only when
  // every single field is within its range.
  virtual void Validate(Problems&) const {}
};

// Shows the fields of a constant configuration to a visitor that only looks;
// a visitor that assigns is a mistake here.
void Show(const Described& config, Visitor& visitor);

// One kind of T, as lists, help and the page show it.
template <class T>
struct Row {
  std::string_view name;   // snake_case, its key
  std::string_view title;  // for people
  std::string_view help;   // a sentence or two for learners
  std::unique_ptr<T> (*make)();
  std::unique_ptr<T> (*clone)(const T&);
};

// The row of the kind that `Derived` implements.
template <class T, class Derived>
constexpr Row<T> MakeRow(std::string_view name, std::string_view title,
                         std::string_view help) {
  return {
      name, title, help,
      []() -> std::unique_ptr<T> { return std::make_unique<Derived>(); },
      [](const T& value) -> std::unique_ptr<T> {
        return std::make_unique<Derived>(static_cast<const Derived&>(value));
      }};
}

// Every kind of T: the one list, specialised where T's kinds live.
template <class T>
std::span<const Row<T>> Rows();

// A kind without its type, for visitors.
class ChoiceBase {
 public:
  virtual ~ChoiceBase() = default;
  virtual int count() const = 0;
  virtual int index() const = 0;
  virtual std::string_view name(int index) const = 0;
  virtual std::string_view title(int index) const = 0;
  virtual std::string_view help(int index) const = 0;
  // Chooses a kind with its defaults.
  virtual void Select(int index) = 0;
  virtual Described& value() = 0;
  virtual std::unique_ptr<ChoiceBase> Fresh(int index) const = 0;

  std::string_view kind() const { return name(index()); }
  // The index of a kind's name, or -1.
  int Find(std::string_view name) const;
};

// One of the kinds of T, with its fields; copies deeply. Starts as the first
// row, or as the named one.
template <class T>
class Choice final : public ChoiceBase {
 public:
  Choice() { Select(0); }
  explicit Choice(std::string_view name) {
    const int found = Find(name);
    Check(found >= 0, "no kind of that name");
    Select(found);
  }
  Choice(const Choice& other)
      : index_(other.index_), value_(other.row().clone(*other.value_)) {}
  Choice& operator=(const Choice& other) {
    if (this != &other) {
      index_ = other.index_;
      value_ = other.row().clone(*other.value_);
    }
    return *this;
  }

  int count() const override { return static_cast<int>(Rows<T>().size()); }
  int index() const override { return index_; }
  std::string_view name(int index) const override {
    return Rows<T>()[index].name;
  }
  std::string_view title(int index) const override {
    return Rows<T>()[index].title;
  }
  std::string_view help(int index) const override {
    return Rows<T>()[index].help;
  }
  void Select(int index) override {
    index_ = index;
    value_ = row().make();
  }
  Described& value() override { return *value_; }
  std::unique_ptr<ChoiceBase> Fresh(int index) const override {
    auto fresh = std::make_unique<Choice>();
    fresh->Select(index);
    return fresh;
  }

  const Row<T>& row() const { return Rows<T>()[index_]; }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  T& operator*() { return *value_; }
  T* operator->() { return value_.get(); }

 private:
  int index_ = 0;
  std::unique_ptr<T> value_;
};

}  // namespace unnoise

#endif  // UNNOISE_BASE_DESCRIBE_H_
