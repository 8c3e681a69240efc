// How many threads a test may ask for.

#ifndef UNNOISE_TESTS_CORE_THREADS_H_
#define UNNOISE_TESTS_CORE_THREADS_H_

namespace unnoise {

// `wanted`, or 1 in a module without threads, in which the system gives none.
constexpr int ThreadsUpTo(int wanted) {
#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_PTHREADS__)
  return wanted < 1 ? wanted : 1;
#else
  return wanted;
#endif
}

}  // namespace unnoise

#endif  // UNNOISE_TESTS_CORE_THREADS_H_
