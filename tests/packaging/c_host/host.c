/* The least that a host is: it opens a runtime, asks what it is asked to ask, and prints the answers. */
#include <dovetail.h>
#include <stdio.h>

int main(int count, char** arguments) {
  dovetail_runtime* runtime = NULL;
  char* answer = NULL;
  int result = count < 2 ? DOVETAIL_FAILED : dovetail_open(arguments[1], &runtime, &answer);
  for (int i = 2; i < count && result != DOVETAIL_FAILED; ++i) {
    dovetail_free(answer);
    result = dovetail_call(runtime, arguments[i], &answer);
    printf("%d %s\n", result, answer);
  }
  if (result == DOVETAIL_FAILED && count < 3) printf("%d %s\n", result, answer == NULL ? "" : answer);
  dovetail_free(answer);
  dovetail_close(runtime);
  return result;
}
