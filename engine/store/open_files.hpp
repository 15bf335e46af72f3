// Whether files can be opened at all: libraries say only that something could not be.
#pragma once

namespace dovetail::store {

// The errno of it (EMFILE, ENFILE) where this process, or the machine, may open no more files now; else 0.
int no_more_files();

}  // namespace dovetail::store
