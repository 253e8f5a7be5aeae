// hiredis: its reader of replies (RESP 2).
#pragma once
#include <hiredis/read.h>
