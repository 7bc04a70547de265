# SPDX-License-Identifier: Apache-2.0
# The library from its rooms: weir_static for the program and the tests, weir (shared) for everybody else.
get_property(rooms GLOBAL PROPERTY WEIR_ROOMS)
set(objects)
foreach(room ${rooms})
  list(APPEND objects $<TARGET_OBJECTS:${room}>)
endforeach()
set(links Threads::Threads PkgConfig::LZ4 PkgConfig::ZSTD weir::cctz m ${CMAKE_DL_LIBS})
if(URING_FOUND)
  list(APPEND links PkgConfig::URING)
endif()

add_library(weir_static STATIC ${objects})
set_target_properties(weir_static PROPERTIES OUTPUT_NAME weir)
target_include_directories(weir_static PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
target_link_libraries(weir_static PUBLIC ${links})

add_library(weir SHARED ${objects})
set_target_properties(weir PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
  LINK_DEPENDS "${PROJECT_SOURCE_DIR}/cmake/weir.map")
target_include_directories(weir PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
target_link_options(weir PRIVATE "LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/weir.map" LINKER:-z,defs)
target_link_libraries(weir PRIVATE ${links})
if(WEIR_SANITIZE OR WEIR_COVERAGE)
  target_link_libraries(weir PRIVATE weir_flags)
  target_link_libraries(weir_static PUBLIC weir_flags)
  target_link_options(weir PRIVATE LINKER:-z,undefs)
endif()
