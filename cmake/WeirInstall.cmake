# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` lays down: headers, both libraries, the program with its page and completions, a CMake package
# (find_package(weir), targets weir::weir and, with COMPONENTS static, weir::static) and weir.pc. Every path in them is
# relative to where they lie, so an installed tree may be moved.
include(CMakePackageConfigHelpers)

install(FILES "${PROJECT_SOURCE_DIR}/include/weir/weir.h" "${PROJECT_SOURCE_DIR}/include/weir/builder.h"
  "${PROJECT_SOURCE_DIR}/include/weir/types.h" "${PROJECT_SOURCE_DIR}/include/weir/arrow.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/weir")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# A sanitizer's or gcov's build is for its own tests: its libraries would need the flags in every program.
if(NOT WEIR_SANITIZE AND NOT WEIR_COVERAGE)
  set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/weir")
  set_target_properties(weir_static PROPERTIES EXPORT_NAME static)
  install(TARGETS weir EXPORT weir_shared LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(TARGETS weir_static EXPORT weir_archive ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT weir_shared FILE weir-shared.cmake NAMESPACE weir:: DESTINATION "${package_dir}")
  install(EXPORT weir_archive FILE weir-static.cmake NAMESPACE weir:: DESTINATION "${package_dir}")

  set(WEIR_NEEDS_URING ${URING_FOUND})
  configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/weir-config.cmake.in" "${PROJECT_BINARY_DIR}/weir-config.cmake"
    INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/weir-config-version.cmake" COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/weir-config.cmake" "${PROJECT_BINARY_DIR}/weir-config-version.cmake"
    DESTINATION "${package_dir}")

  set(WEIR_PC_PRIVATE "liblz4 libzstd")
  if(URING_FOUND)
    string(APPEND WEIR_PC_PRIVATE " liburing")
  endif()
  file(RELATIVE_PATH WEIR_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
  string(REGEX REPLACE "/$" "" WEIR_PC_PREFIX "${WEIR_PC_PREFIX}")
  configure_file("${CMAKE_CURRENT_LIST_DIR}/weir.pc.in" "${PROJECT_BINARY_DIR}/weir.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/weir.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endif()

if(WEIR_PROGRAM)
  set(completion "${PROJECT_SOURCE_DIR}/cli/completion")
  install(TARGETS weir_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  install(FILES "${PROJECT_SOURCE_DIR}/docs/weir.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
  install(FILES "${completion}/weir.bash" RENAME weir DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
  install(FILES "${completion}/weir.zsh" RENAME _weir DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
  install(FILES "${completion}/weir.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
endif()
