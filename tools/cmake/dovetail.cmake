# What every target of the project shares: our warnings, the sanitizers of the preset, and how targets are declared.

option(DOVETAIL_WERROR "Treat warnings in our own code as errors" ON)
set(DOVETAIL_SANITIZE "" CACHE STRING "Sanitizers for all code, as in -fsanitize= (empty: none)")
option(DOVETAIL_FUZZERS "Build the fuzzers (needs clang)" OFF)

find_program(DOVETAIL_CCACHE ccache)
if(DOVETAIL_CCACHE)
  # Paths below the tree count as relative: clones and work trees share what was compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=true ${DOVETAIL_CCACHE})
endif()

if(DOVETAIL_SANITIZE)
  add_compile_options(-fsanitize=${DOVETAIL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DOVETAIL_SANITIZE})
endif()
if(DOVETAIL_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

add_library(dovetail_warnings INTERFACE)
target_compile_options(dovetail_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wnull-dereference -Wdouble-promotion -Wimplicit-fallthrough
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op>
  $<$<BOOL:${DOVETAIL_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside the standard library's inlined code, not in ours.
  target_compile_options(dovetail_warnings INTERFACE -Wno-null-dereference -Wno-restrict -Wno-stringop-overflow
    -Wno-stringop-overread -Wno-array-bounds -Wno-maybe-uninitialized -Wno-dangling-pointer)
else()
  # std::stable_sort of g++ 12's library calls what that library has deprecated.
  target_compile_options(dovetail_warnings INTERFACE -Wno-deprecated-declarations)
endif()

# dovetail_library(NAME [EXCEPT]): a library of every .cpp below the current folder whose path does not match EXCEPT,
# known as dovetail::NAME.
# The folder is the list of files.
function(dovetail_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(ARGC GREATER 1)
    list(FILTER sources EXCLUDE REGEX "${ARGV1}")
  endif()
  add_library(dovetail_${name} STATIC ${sources})
  add_library(dovetail::${name} ALIAS dovetail_${name})
  set_target_properties(dovetail_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(dovetail_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                     $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/dovetail>)
  target_link_libraries(dovetail_${name} PRIVATE $<BUILD_INTERFACE:dovetail_warnings>)
endfunction()
