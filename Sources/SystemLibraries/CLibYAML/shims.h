// libyaml: the event parser, with marks for line and column.
#pragma once
#include <yaml.h>
