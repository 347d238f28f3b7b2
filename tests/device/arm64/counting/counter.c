/*
 * A TCG plugin for qemu-aarch64 7.2: counts the AArch64 instructions that a program executes, by class.
 *
 * A close() of descriptor FIRST_MARK + n, which no process has, writes a line "n count count ..." of all counts so far
 * to the file of the argument out=FILE; its first line names the columns. One thread is counted exactly.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is used of version 1 of qemu's plugin interface: Debian has no package with its header. */
#define EXPORTED __attribute__((visibility("default")))
typedef uint64_t plugin_id;
struct qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };
typedef void on_translation(plugin_id, struct qemu_plugin_tb *);
typedef void on_system_call(plugin_id, unsigned, int64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
			    uint64_t, uint64_t);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, on_translation *);
void qemu_plugin_register_vcpu_syscall_cb(plugin_id, on_system_call *);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, enum qemu_plugin_op, void *, uint64_t);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
EXPORTED int qemu_plugin_version = 1;
EXPORTED int qemu_plugin_install(plugin_id, const struct qemu_info_t *, int, char **);

enum { CLOSE = 57, FIRST_MARK = 7000000, LAST_MARK = 8000000 };

/* In the order of NAMES. The last two are bytes and not instructions. */
enum class {
	INTEGER, MULTIPLY, BRANCH, SYSTEM, LOAD, STORE, VECTOR_LOAD, VECTOR_STORE, ATOMIC, FLOAT_SCALAR, FLOAT_FMA,
	FLOAT_VECTOR, DOT, VECTOR_MULTIPLY, VECTOR_INTEGER, PERMUTE, LOADED_BYTES, STORED_BYTES, CLASSES
};
static const char NAMES[] =
	"integer multiply branch system load store vector_load vector_store atomic float_scalar float_fma "
	"float_vector dot vector_multiply vector_integer permute loaded_bytes stored_bytes";

/* All but loads and stores, by Arm's tables of the A64 encoding (DDI 0487, C4.1); the first rule that fits counts. */
static const struct { uint32_t mask, value; enum class class; } RULES[] = {
	{0x1c000000, 0x10000000, INTEGER}, /* with an immediate */
	{0xff000000, 0xd5000000, SYSTEM},
	{0x1c000000, 0x14000000, BRANCH},
	{0x1f000000, 0x1b000000, MULTIPLY}, /* of three registers */
	{0x5fe0f800, 0x1ac00800, MULTIPLY}, /* a division */
	{0x0e000000, 0x0a000000, INTEGER}, /* of registers */
	{0x5e000000, 0x1e000000, FLOAT_SCALAR},
	{0x1e000000, 0x1e000000, FLOAT_VECTOR}, /* a vector's instruction on one lane */
	/* vector by element */
	{0x1f00b400, 0x0f001000, FLOAT_FMA},
	{0x1f00f400, 0x0f009000, FLOAT_VECTOR},
	{0x1f00f400, 0x0f00e000, DOT},
	{0x1f000400, 0x0f000000, VECTOR_MULTIPLY},
	{0x1f780400, 0x0f000400, PERMUTE}, /* an immediate into all lanes */
	{0x1f000000, 0x0f000000, VECTOR_INTEGER}, /* shifts */
	/* three vectors of one width */
	{0x3f20fc00, 0x0e20cc00, FLOAT_FMA},
	{0x1f20c400, 0x0e20c400, FLOAT_VECTOR},
	{0x1f20f400, 0x0e209400, VECTOR_MULTIPLY},
	{0x1f20fc00, 0x0e20b400, VECTOR_MULTIPLY},
	{0x1f200400, 0x0e200400, VECTOR_INTEGER},
	/* three vectors of different widths */
	{0x1f208c00, 0x0e208000, VECTOR_MULTIPLY},
	{0x1f200c00, 0x0e200000, VECTOR_INTEGER},
	/* two vectors; across lanes */
	{0x1f3fec00, 0x0e212800, VECTOR_INTEGER}, /* narrowing, widening */
	{0x1f3ffc00, 0x0e214800, VECTOR_INTEGER}, /* narrowing, saturated */
	{0x1f3fcc00, 0x0e20c800, FLOAT_VECTOR},
	{0x1f3f0c00, 0x0e210800, FLOAT_VECTOR},
	{0x1f200c00, 0x0e200800, VECTOR_INTEGER},
	/* what came with later versions */
	{0x1f20fc00, 0x0e009400, DOT},
	{0x1f208400, 0x0e008400, VECTOR_MULTIPLY},
	{0x0e000000, 0x0e000000, PERMUTE},
};

struct block {
	uint64_t executed;
	uint16_t counts[CLASSES];
};

enum { CHUNK = 65536, MOST_CHUNKS = 4096 };
static struct block *chunks[MOST_CHUNKS]; /* blocks never move: translated code adds to them */
static size_t blocks;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *out;

static unsigned bits(uint32_t word, unsigned high, unsigned low)
{
	return (word >> low) & ((1u << (high - low + 1)) - 1);
}

static void count_memory(uint16_t *counts, uint32_t word, int load, unsigned bytes)
{
	int vector = bits(word, 26, 26);
	counts[load ? (vector ? VECTOR_LOAD : LOAD) : (vector ? VECTOR_STORE : STORE)]++;
	counts[load ? LOADED_BYTES : STORED_BYTES] += bytes;
}

/* LDP and STP. */
static void count_pair(uint16_t *counts, uint32_t word)
{
	unsigned size = bits(word, 31, 30);
	unsigned bytes = bits(word, 26, 26) ? 8u << size : (size == 2 ? 16 : 8);
	count_memory(counts, word, bits(word, 22, 22), bytes);
}

/* LDR and STR of one register. */
static void count_single(uint16_t *counts, uint32_t word)
{
	unsigned size = bits(word, 31, 30), kind = bits(word, 23, 22);
	int vector = bits(word, 26, 26);
	if (!vector && !bits(word, 24, 24) && bits(word, 21, 21) && !bits(word, 11, 10))
		counts[ATOMIC]++;
	else if (vector)
		count_memory(counts, word, kind & 1, kind & 2 ? 16 : 1u << size);
	else if (size == 3 && kind == 2)
		count_memory(counts, word, 1, 0); /* a prefetch */
	else
		count_memory(counts, word, kind != 0, 1u << size);
}

/* LDR of a constant beside the code. */
static void count_literal(uint16_t *counts, uint32_t word)
{
	unsigned size = bits(word, 31, 30);
	count_memory(counts, word, 1, bits(word, 26, 26) ? 4u << size : (size ? 8 : 4));
}

/* LD1 to LD4 and ST1 to ST4: whole registers, or one lane of each. */
static void count_structure(uint16_t *counts, uint32_t word)
{
	static const unsigned char registers[16] = {[0] = 4, [2] = 4, [4] = 3, [6] = 3, [7] = 1, [8] = 2, [10] = 2};
	unsigned bytes = registers[bits(word, 15, 12)] * (bits(word, 30, 30) ? 16 : 8);
	if (bits(word, 24, 24)) {
		unsigned lanes = 1 + 2 * bits(word, 13, 13) + bits(word, 21, 21);
		unsigned scale = bits(word, 15, 14), size = bits(word, 11, 10);
		unsigned lane = scale == 3 ? 1u << size : (scale == 2 ? (size & 1 ? 8 : 4) : 1u << scale);
		bytes = lanes * lane;
	}
	count_memory(counts, word, bits(word, 22, 22), bytes);
}

static void count_load_or_store(uint16_t *counts, uint32_t word)
{
	switch (bits(word, 29, 27)) {
	case 5: count_pair(counts, word); break;
	case 7: count_single(counts, word); break;
	case 3: count_literal(counts, word); break;
	default:
		if (bits(word, 29, 26) == 3)
			count_structure(counts, word);
		else
			counts[ATOMIC]++; /* exclusive, ordered */
	}
}

static void count_instruction(uint16_t *counts, uint32_t word)
{
	if ((word & 0x0a000000) == 0x08000000) {
		count_load_or_store(counts, word);
		return;
	}
	for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
		if ((word & RULES[i].mask) == RULES[i].value) {
			counts[RULES[i].class]++;
			return;
		}
	}
	counts[SYSTEM]++;
}

static struct block *new_block(void)
{
	pthread_mutex_lock(&lock);
	struct block **chunk = &chunks[blocks / CHUNK];
	if (!*chunk && (blocks / CHUNK >= MOST_CHUNKS || !(*chunk = calloc(CHUNK, sizeof **chunk)))) {
		fputs("counter: no memory for more blocks\n", stderr);
		abort();
	}
	struct block *block = &(*chunk)[blocks++ % CHUNK];
	pthread_mutex_unlock(&lock);
	return block;
}

static void translated(plugin_id id, struct qemu_plugin_tb *code)
{
	(void)id;
	struct block *block = new_block();
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(code); i++) {
		uint32_t word;
		memcpy(&word, qemu_plugin_insn_data(qemu_plugin_tb_get_insn(code, i)), sizeof word);
		count_instruction(block->counts, word);
	}
	qemu_plugin_register_vcpu_tb_exec_inline(code, QEMU_PLUGIN_INLINE_ADD_U64, &block->executed, 1);
}

static void write_mark(unsigned long mark)
{
	uint64_t sums[CLASSES] = {0};
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < blocks; i++) {
		const struct block *block = &chunks[i / CHUNK][i % CHUNK];
		for (int class = 0; block->executed && class < CLASSES; class++)
			sums[class] += block->executed * block->counts[class];
	}
	pthread_mutex_unlock(&lock);
	fprintf(out, "%lu", mark);
	for (int class = 0; class < CLASSES; class++)
		fprintf(out, " %lu", (unsigned long)sums[class]);
	fputc('\n', out);
	fflush(out);
}

static void system_called(plugin_id id, unsigned processor, int64_t number, uint64_t first, uint64_t a2, uint64_t a3,
			  uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8)
{
	(void)id, (void)processor, (void)a2, (void)a3, (void)a4, (void)a5, (void)a6, (void)a7, (void)a8;
	if (number == CLOSE && first >= FIRST_MARK && first < LAST_MARK)
		write_mark((unsigned long)(first - FIRST_MARK));
}

int qemu_plugin_install(plugin_id id, const struct qemu_info_t *info, int argc, char **argv)
{
	(void)info;
	if (argc == 1 && !strncmp(argv[0], "out=", 4))
		out = fopen(argv[0] + 4, "w");
	if (!out) {
		fputs("counter: takes out=FILE, a file that can be written\n", stderr);
		return 1;
	}
	fprintf(out, "mark %s\n", NAMES);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_vcpu_syscall_cb(id, system_called);
	return 0;
}
