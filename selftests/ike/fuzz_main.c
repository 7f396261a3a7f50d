// SPDX-License-Identifier: GPL-2.0
/*
 * Where there is no fuzzer: replay files to what a fuzzer would call, those that are
 * named, or those in ike_corpus/NAME beside the program, which is called ike_fuzz_NAME,
 * and the lines of ike_corpus/NAME.hex, each of which is an input a fuzzer has found.
 */
#include <dirent.h>
#include <libgen.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX	"ike_fuzz_"
#define LINE_MAX_LEN	65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The octets lie where one more would be seen by the sanitizers. */
static bool replay(const char *name)
{
	FILE *f = fopen(name, "rb");
	uint8_t *data = NULL;
	bool good = false;
	long size;

	if (!f)
		return false;
	if (!fseek(f, 0, SEEK_END) && (size = ftell(f)) >= 0 && !fseek(f, 0, SEEK_SET)) {
		data = malloc(size);
		good = fread(data, 1, size, f) == (size_t)size &&
		       !LLVMFuzzerTestOneInput(data, size);
	}
	free(data);
	fclose(f);
	return good;
}

static bool report(int number, const char *name, bool good)
{
	printf("%s %d %s\n", good ? "ok" : "not ok", number, name);
	fflush(stdout);
	return good;
}

/* Line of the packed inputs that is being replayed. */
static unsigned int line;

static void tell_line(void)
{
	if (line)
		fprintf(stderr, "# this was line %u of the packed inputs\n", line);
}

static void aborted(int signal)
{
	(void)signal;
	tell_line();
	_exit(1);
}

static void replay_line(const char *hex)
{
	const size_t size = strspn(hex, "0123456789abcdef") / 2;
	uint8_t *data = malloc(size);

	if (!data)
		abort();
	for (size_t n = 0; n < size; n++)
		sscanf(hex + 2 * n, "%2hhx", &data[n]);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

/* Lines that begin with '#' are for who reads them. */
static bool replay_packed(const char *path)
{
	static char hex[LINE_MAX_LEN];
	FILE *f = fopen(path, "r");
	unsigned int n = 0;

	if (!f)
		return false;
	__sanitizer_set_death_callback(tell_line);
	signal(SIGABRT, aborted);
	while (fgets(hex, sizeof(hex), f)) {
		line++;
		if (*hex == '#')
			continue;
		replay_line(hex);
		n++;
	}
	fclose(f);
	printf("# %u packed inputs\n", n);
	return n;
}

static int is_input(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && !(dot && !strcmp(dot, ".license"));
}

/* Crashes are what it is for: the plan is out before the first input is in. */
int main(int argc, char **argv)
{
	char here[4096], dir[4096 + 80], path[4096 + 512];
	struct dirent **entries;
	bool good = true;
	const char *name;
	int i, n;

	printf("TAP version 13\n");
	if (argc > 1) {
		printf("1..%d\n", argc - 1);
		for (i = 1; i < argc; i++)
			good &= report(i, argv[i], replay(argv[i]));
		return !good;
	}

	snprintf(here, sizeof(here), "%s", argv[0]);
	name = strrchr(argv[0], '/');
	name = name ? name + 1 : argv[0];
	if (!strncmp(name, PREFIX, strlen(PREFIX)))
		name += strlen(PREFIX);
	snprintf(dir, sizeof(dir), "%s/ike_corpus/%.32s", dirname(here), name);
	n = scandir(dir, &entries, is_input, alphasort);
	if (n <= 0) {
		printf("Bail out! no inputs in %s\n", dir);
		return 1;
	}
	printf("1..%d\n", n + 1);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name);
		good &= report(i + 1, entries[i]->d_name, replay(path));
		free(entries[i]);
	}
	free(entries);
	strcat(dir, ".hex");
	good &= report(n + 1, "packed inputs", replay_packed(dir));
	return !good;
}
