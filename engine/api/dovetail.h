/* Dovetail for a host in any language: opaque handles, JSON in and out, no exceptions across.
 *
 * Every text is UTF-8 with a closing NUL. Texts that these functions answer belong to the caller, who gives each back
 * by dovetail_free. A runtime may be used by any number of threads, and closed by any of them at any time. It belongs to
 * the process that opened it: in a forked child every call fails, closing does nothing, and the child may open its own.
 * Calls and answers are described in docs/api.md. Somebody in the hub may have changed:
 * {"call": "event", "connection": "…", "person": "…", "what": "changed", "id": "…"}, where what is changed, added,
 * deactivated or removed, and may be left out like id; files of events (docs/formats.md) have the same members. */
#ifndef DOVETAIL_H
#define DOVETAIL_H

#ifdef __cplusplus
extern "C" {
#endif

#define DOVETAIL_ABI 1 /* grows when a function here changes its meaning */

#if defined(__GNUC__)
#define DOVETAIL_EXPORT __attribute__((visibility("default")))
#else
#define DOVETAIL_EXPORT
#endif

typedef struct dovetail_runtime dovetail_runtime;

/* What functions return. */
enum {
  DOVETAIL_OK = 0,           /* done; the answer says what */
  DOVETAIL_NEEDS_PERSON = 1, /* done as far as it goes without a person's decision; the answer says what is open */
  DOVETAIL_FAILED = 2        /* nothing was done; the answer is {"error": {"kind": "…", "what": "…"}} */
};

/* "0.1.0"; not to be freed. */
DOVETAIL_EXPORT const char* dovetail_version(void);

/* The DOVETAIL_ABI that the loaded library was built with. */
DOVETAIL_EXPORT int dovetail_abi(void);

/* options: {"store": "sqlite:PATH", "key": "64 hexadecimal digits", "create": true, …}. On DOVETAIL_OK *runtime is set,
 * and *answer to {}; else *runtime is NULL. `answer` may be NULL where nobody wants to know. */
DOVETAIL_EXPORT int dovetail_open(const char* options, dovetail_runtime** runtime, char** answer);

/* request: {"call": "connection.list", …}. Waits until it is done. *answer is always set, unless `answer` is NULL.
 * DOVETAIL_FAILED where the runtime is closed, or is being closed: a handle is never given again in a process. */
DOVETAIL_EXPORT int dovetail_call(dovetail_runtime* runtime, const char* request, char** answer);

/* Calls that begin from now on answer DOVETAIL_FAILED; those that are under way in other threads are waited for, to
 * their own end, however long they take, and give their answers. Then the workers are stopped, with the writes that they
 * are in, and the runtime is freed. NULL, and a runtime that is closed, do nothing; one that another thread closes is
 * waited for. Not from a signal handler. */
DOVETAIL_EXPORT void dovetail_close(dovetail_runtime* runtime);

/* NULL does nothing. */
DOVETAIL_EXPORT void dovetail_free(char* text);

#ifdef __cplusplus
}
#endif

#endif
