/*
 * For LD_PRELOAD: what a container lacks of a kernel's makers of dma-bufs. /dev/udmabuf and /dev/dma_heap/... can be
 * opened, and what they make is plain shared memory, which libcamera and picamera2 map like the real thing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static int is_maker(const char *path)
{
	return path && (!strcmp(path, "/dev/udmabuf") || !strncmp(path, "/dev/dma_heap/", 14));
}

static mode_t mode_of(int flags, va_list rest)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name) \
	int name(const char *path, int flags, ...) \
	{ \
		int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #name); \
		va_list rest; \
		va_start(rest, flags); \
		mode_t mode = mode_of(flags, rest); \
		va_end(rest); \
		return is_maker(path) ? memfd_create("maker", MFD_CLOEXEC) : real(path, flags, mode); \
	}

#define OPENAT(name) \
	int name(int folder, const char *path, int flags, ...) \
	{ \
		int (*real)(int, const char *, int, ...) = dlsym(RTLD_NEXT, #name); \
		va_list rest; \
		va_start(rest, flags); \
		mode_t mode = mode_of(flags, rest); \
		va_end(rest); \
		return is_maker(path) ? memfd_create("maker", MFD_CLOEXEC) : real(folder, path, flags, mode); \
	}

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

static int allocate(struct dma_heap_allocation_data *wanted)
{
	int memory = memfd_create("buffer", MFD_CLOEXEC);
	if (memory < 0 || ftruncate(memory, (off_t)wanted->len))
		return -1;
	wanted->fd = (__u32)memory;
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*real)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
	va_list rest;
	va_start(rest, request);
	void *argument = va_arg(rest, void *);
	va_end(rest);
	switch (request & 0xffffffffUL) { /* Python passes it with a sign */
	case UDMABUF_CREATE:
		return fcntl((int)((struct udmabuf_create *)argument)->memfd, F_DUPFD_CLOEXEC, 3);
	case DMA_HEAP_IOCTL_ALLOC:
		return allocate(argument);
	case DMA_BUF_SET_NAME_A & 0xffffffffUL:
	case DMA_BUF_SET_NAME_B & 0xffffffffUL:
	case DMA_BUF_IOCTL_SYNC:
		return 0;
	default:
		return real(fd, request, argument);
	}
}
