// Same seed, same bits: what differs between machines, compilers or builds
// stays out of the core. Each rule comes with code that breaks it.

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/core/rules/source_tree.h"

namespace unnoise::rules {
namespace {

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}
bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         text.substr(text.size() - end.size()) == end;
}

// A free function, called without a scope or named in std.
bool IsFree(const Identifier& id, const std::set<std::string_view>& names) {
  return names.count(id.name) > 0 &&
         (id.scope == "std" || (id.scope.empty() && id.called && !id.member));
}

bool IsLibraryMath(const Identifier& id) {
  static const std::set<std::string_view> kNames = {
      "acos",   "acosh",     "asin",         "asinh",  "atan",  "atan2",
      "atanh",  "cbrt",      "cos",          "cosh",   "erf",   "erfc",
      "exp",    "exp2",      "expm1",        "fdim",   "fma",   "fmax",
      "fmin",   "fmod",      "frexp",        "hypot",  "ldexp", "lerp",
      "lgamma", "llrint",    "llround",      "log",    "log10", "log1p",
      "log2",   "logb",      "lrint",        "lround", "modf",  "nearbyint",
      "pow",    "remainder", "rint",         "round",  "sin",   "sincos",
      "sinh",   "tan",       "tanh",         "tgamma", "polar", "norm",
      "exp10",  "beta",      "cyl_bessel_i", "scalbn", "ilogb", "nextafter"};
  Identifier bare = id;
  constexpr std::string_view kBuiltin = "__builtin_";
  if (StartsWith(bare.name, kBuiltin)) bare.name.remove_prefix(kBuiltin.size());
  if (IsFree(bare, kNames)) return true;
  // expf, expl.
  const bool suffixed = EndsWith(bare.name, "f") || EndsWith(bare.name, "l");
  if (suffixed) bare.name.remove_suffix(1);
  return suffixed && IsFree(bare, kNames);
}

struct Rule {
  const char* what;
  std::function<bool(const Identifier&)> forbids;
  std::vector<const char*> bad;  // each breaks this rule and no other
};

const std::vector<Rule>& Rules() {
  static const std::vector<Rule> rules = {
      {"library mathematics",
       IsLibraryMath,
       {"y = std::exp(x);", "y = expf(x);", "y = ::pow(x, 2);",
        "std::transform(a, b, c, std::sin);", "y = __builtin_tanhf(x);",
        "y = std::lround(x);", "z = std::fma(a, b, c);"}},
      {"fused multiply-add",
       [](const Identifier& id) {
         static const std::set<std::string_view> kNames = {
             "MulAdd", "NegMulAdd", "MulSub", "NegMulSub", "MulAddSub"};
         return kNames.count(id.name) > 0 ||
                id.name.find("fmadd") != id.name.npos;
       },
       {"s = hn::MulAdd(a, b, s);", "s = NegMulAdd(a, b, s);",
        "s = _mm256_fmadd_ps(a, b, s);"}},
      {"a sum over lanes, which depends on their number",
       [](const Identifier& id) {
         return EndsWith(id.name, "OfLanes") || id.name == "ReduceSum";
       },
       {"s = hn::SumOfLanes(d, v);", "s = hn::ReduceSum(d, v);"}},
      {"approximations, which differ between targets",
       [](const Identifier& id) { return StartsWith(id.name, "Approximate"); },
       {"y = hn::ApproximateReciprocal(x);",
        "y = ApproximateReciprocalSqrt(x);"}},
      {"Highway's own mathematics",
       [](const Identifier& id) {
         static const std::set<std::string_view> kNames = {
             "Acos", "Acosh", "Asin",    "Asinh",   "Atan",    "Atanh", "Cos",
             "Exp",  "Expm1", "Log",     "Log10",   "Log1p",   "Log2",  "Sin",
             "Sinh", "Tanh",  "CallExp", "CallSin", "CallTanh"};
         return id.scope == "hn" && kNames.count(id.name) > 0;
       },
       {"y = hn::Exp(d, x);"}},
      {"minimum and maximum of vectors, which differ for NaN and -0",
       [](const Identifier& id) {
         return id.scope == "hn" && (id.name == "Min" || id.name == "Max");
       },
       {"y = hn::Max(x, zero);"}},
      {"Ne of vectors, which differs between targets for NaN",
       [](const Identifier& id) { return id.scope == "hn" && id.name == "Ne"; },
       {"m = hn::Ne(x, x);"}},
      {"IfNegativeThenElse, which differs between targets for -0",
       [](const Identifier& id) { return id.name == "IfNegativeThenElse"; },
       {"y = hn::IfNegativeThenElse(v, a, b);"}},
      {"<random>, whose distributions are the library's own",
       [](const Identifier& id) {
         return EndsWith(id.name, "_distribution") ||
                StartsWith(id.name, "mt19937") || id.name == "random_device" ||
                IsFree(id, {"rand", "srand", "drand48"});
       },
       {"std::normal_distribution<float> normal;", "std::mt19937_64 bits(1);",
        "int i = rand();"}},
      {"hashes and orders of the library",
       [](const Identifier& id) {
         return StartsWith(id.name, "unordered_") ||
                (id.scope == "std" && id.name == "hash");
       },
       {"std::unordered_map<int, int> map;", "std::hash<int>()(1);"}},
      {"algorithms in no stated order",
       [](const Identifier& id) {
         return IsFree(id, {"reduce", "transform_reduce", "shuffle", "sample",
                            "random_shuffle", "inner_product"});
       },
       {"s = std::reduce(a, b);", "s = std::transform_reduce(a, b, c, 0.f);",
        "std::shuffle(a, b, g);"}},
      {"flushing of denormals, contraction, fast mathematics",
       [](const Identifier& id) {
         static const std::set<std::string_view> kNames = {
             "_MM_SET_FLUSH_ZERO_MODE", "_MM_SET_DENORMALS_ZERO_MODE",
             "_mm_setcsr", "FP_CONTRACT", "fast_math"};
         return kNames.count(id.name) > 0;
       },
       {"_MM_SET_FLUSH_ZERO_MODE(1);", "#pragma STDC FP_CONTRACT ON"}},
      {"the clock and the environment",
       [](const Identifier& id) {
         return id.scope == "chrono" || IsFree(id, {"time", "clock", "getenv"});
       },
       {"auto now = std::chrono::steady_clock::now();", "t = std::time(0);"}},
  };
  return rules;
}

// The rules that `text` breaks, as "what (line)".
std::vector<std::string> BrokenRules(std::string_view text) {
  const std::string code = CodeOf(text);
  std::vector<std::string> broken;
  for (const Identifier& id : IdentifiersOf(code)) {
    for (const Rule& rule : Rules()) {
      if (rule.forbids(id)) {
        broken.push_back(std::string(rule.what) + ": " + std::string(id.name) +
                         " in line " + std::to_string(id.line));
      }
    }
  }
  return broken;
}

// Names of Emscripten and of its compiler; allowed in the files that hide the
// platform.
bool IsPlatform(const Identifier& id) {
  return id.name.find("EMSCRIPTEN") != id.name.npos ||
         StartsWith(id.name, "emscripten") || StartsWith(id.name, "wasm_") ||
         StartsWith(id.name, "EM_") || id.name == "HWY_WASM";
}

const std::set<std::string> kPlatformFiles = {"core/backend/simd_target.cc",
                                              "core/base/lanes-inl.h"};
// The reference uses library mathematics on purpose; the command line prints.
bool MayBeInexact(const std::string& path) {
  return path == "core/backend/reference.cc" || StartsWith(path, "core/cli/");
}

// The one file with the other arithmetic, which an experiment must ask for.
constexpr char kFusedFile[] = "core/backend/fused-inl.h";
constexpr char kFusedRule[] = "fused multiply-add";

TEST(Arithmetic, CoreKeepsToExactOperations) {
  const auto files = FilesUnder("core", {".h", ".cc"});
  ASSERT_GT(files.size(), 40u);
  for (const SourceFile& file : files) {
    if (MayBeInexact(file.path)) continue;
    for (const std::string& rule : BrokenRules(file.text)) {
      if (file.path == kFusedFile && StartsWith(rule, kFusedRule)) continue;
      ADD_FAILURE() << file.path << ": " << rule;
    }
    for (const Include& include : IncludesOf(file.text)) {
      EXPECT_NE(include.file, "random") << file.path;
    }
  }
}

TEST(Arithmetic, OnlyLeafFilesKnowThePlatform) {
  for (const SourceFile& file : FilesUnder("core", {".h", ".cc"})) {
    const std::string code = CodeOf(file.text);
    for (const Identifier& id : IdentifiersOf(code)) {
      EXPECT_FALSE(IsPlatform(id) && kPlatformFiles.count(file.path) == 0)
          << file.path << ", line " << id.line << ": " << id.name;
    }
    for (const Include& include : IncludesOf(file.text)) {
      EXPECT_FALSE(StartsWith(include.file, "emscripten")) << file.path;
    }
  }
}

// No build asks for other arithmetic, and every one forbids contraction.
std::vector<std::string> BadFlagsIn(std::string_view text) {
  std::vector<std::string> bad;
  for (const char* flag :
       {"fast-math", "Ofast", "funsafe-math", "fassociative-math",
        "fp-contract=fast", "fp-contract=on", "mrelaxed-simd", "-mfma"}) {
    if (text.find(flag) != text.npos) bad.push_back(flag);
  }
  return bad;
}

TEST(Arithmetic, BuildsKeepExactArithmetic) {
  std::string all;
  for (const char* name : {"CMakeLists.txt", "CMakePresets.json"}) {
    std::ifstream in(Root() / name);
    all += std::string(std::istreambuf_iterator<char>(in), {});
  }
  for (const char* folder : {"core", "wasm", "tests"}) {
    for (const SourceFile& file : FilesUnder(folder, {".txt", ".cmake"})) {
      all += file.text;
    }
  }
  EXPECT_NE(all.find("-ffp-contract=off"), all.npos);
  EXPECT_EQ(BadFlagsIn(all), std::vector<std::string>());
  EXPECT_EQ(BadFlagsIn("-O3 -ffast-math").size(), 1u);
  EXPECT_EQ(BadFlagsIn("-ffp-contract=fast").size(), 1u);
}

TEST(Arithmetic, EveryRuleFindsItsBreach) {
  for (const Rule& rule : Rules()) {
    ASSERT_FALSE(rule.bad.empty()) << rule.what;
    for (const char* bad : rule.bad) {
      const std::string text = std::string("// Exact.\nint f() {\n  ") + bad;
      const auto broken = BrokenRules(text);
      ASSERT_EQ(broken.size(), 1u) << bad;
      EXPECT_TRUE(StartsWith(broken[0], rule.what)) << broken[0];
      EXPECT_TRUE(EndsWith(broken[0], "line 3")) << broken[0];
    }
  }
  const std::string platform = "#ifdef __EMSCRIPTEN__\nwasm_f64x2_mul(a, b);";
  int found = 0;
  for (const Identifier& id : IdentifiersOf(platform)) found += IsPlatform(id);
  EXPECT_EQ(found, 2);
}

TEST(Arithmetic, CommentsLiteralsAndOurOwnFunctionsAreNotBreaches) {
  const std::string good = R"cc(
    // std::exp(x) would differ; /* so would fma(a, b, c)
    int exp_count = 1'000; /* std::sin(x)
    std::cos(x) */
    const char quote = '"';
    const char* help = "Uses exp(x) and \" std::hash.";
    const char* raw = R"x(std::pow(a, "b"))x";
    const auto log = exact::Log(x) + std::sqrt(y) + std::fabs(z) + std::floor(x);
    if (std::isfinite(x)) y = a.Exp(x) + chart.log(x) + lanes->exp(y);
  )cc";
  EXPECT_EQ(BrokenRules(good), std::vector<std::string>());
}

}  // namespace
}  // namespace unnoise::rules
