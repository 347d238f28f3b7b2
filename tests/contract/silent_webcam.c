/*
 * For LD_PRELOAD: the file named by SILENT_WEBCAM is a USB camera that takes every setting and never gives a frame.
 * Like a real driver it belongs to whoever has it: the settings of a second are refused with EBUSY.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST 16
#define BUFFER_BYTES (1920 * 1080 * 2)

static int opened[MOST]; /* descriptors + 1; the first in it owns the camera */
static int others[MOST]; /* and the ends of their pipes that nobody writes to */

static int place_of(int fd)
{
	for (int place = 0; place < MOST; place++)
		if (fd >= 0 && opened[place] == fd + 1)
			return place;
	return -1;
}

static int open_camera(void)
{
	int ends[2]; /* a pipe that nobody writes to is never ready, as long as somebody could */
	for (int place = 0; place < MOST; place++) {
		if (opened[place])
			continue;
		if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
			return -1;
		opened[place] = ends[0] + 1;
		others[place] = ends[1];
		return ends[0];
	}
	errno = EMFILE;
	return -1;
}

#define OPEN(name) \
	int name(const char *path, int flags, ...) \
	{ \
		int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #name); \
		const char *camera = getenv("SILENT_WEBCAM"); \
		va_list rest; \
		va_start(rest, flags); \
		mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
		va_end(rest); \
		return camera && !strcmp(path, camera) ? open_camera() : real(path, flags, mode); \
	}

OPEN(open)
OPEN(open64)

int close(int fd)
{
	int (*real)(int) = dlsym(RTLD_NEXT, "close");
	int place = place_of(fd);
	if (place >= 0) {
		opened[place] = 0;
		real(others[place]);
	}
	return real(fd);
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
	void *(*real)(void *, size_t, int, int, int, off_t) = dlsym(RTLD_NEXT, "mmap");
	if (place_of(fd) >= 0)
		return real(at, length, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return real(at, length, protection, flags, fd, offset);
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
	return mmap(at, length, protection, flags, fd, offset);
}

static int refuse(int error)
{
	errno = error;
	return -1;
}

static int answer(unsigned long request, void *argument, int is_busy)
{
	struct v4l2_capability *able = argument;
	struct v4l2_format *format = argument;
	struct v4l2_input *input = argument;
	struct v4l2_buffer *buffer = argument;

	switch (request) {
	case VIDIOC_QUERYCAP:
		memset(able, 0, sizeof(*able));
		able->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
		able->capabilities = able->device_caps | V4L2_CAP_DEVICE_CAPS;
		return 0;
	case VIDIOC_ENUMINPUT:
		input->type = V4L2_INPUT_TYPE_CAMERA;
		return input->index ? refuse(EINVAL) : 0;
	case VIDIOC_G_INPUT:
		*(int *)argument = 0;
		return 0;
	case VIDIOC_S_FMT:
	case VIDIOC_REQBUFS:
		if (is_busy)
			return refuse(EBUSY);
		if (request == VIDIOC_REQBUFS)
			return 0;
		/* fall through */
	case VIDIOC_G_FMT:
	case VIDIOC_TRY_FMT:
		format->fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
		if (!format->fmt.pix.width || request == VIDIOC_G_FMT) {
			format->fmt.pix.width = 640;
			format->fmt.pix.height = 480;
		}
		format->fmt.pix.field = V4L2_FIELD_NONE;
		format->fmt.pix.bytesperline = format->fmt.pix.width * 2;
		format->fmt.pix.sizeimage = format->fmt.pix.bytesperline * format->fmt.pix.height;
		return 0;
	case VIDIOC_QUERYBUF:
		buffer->length = BUFFER_BYTES;
		buffer->m.offset = buffer->index * 4096;
		return 0;
	case VIDIOC_G_PARM:
	case VIDIOC_S_PARM:
	case VIDIOC_QBUF:
	case VIDIOC_STREAMON:
	case VIDIOC_STREAMOFF:
		return 0;
	case VIDIOC_DQBUF:
		return refuse(EAGAIN); /* no frame yet */
	default:
		return refuse(EINVAL);
	}
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*real)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
	va_list rest;
	va_start(rest, request);
	void *argument = va_arg(rest, void *);
	va_end(rest);
	int place = place_of(fd);
	return place < 0 ? real(fd, request, argument) : answer(request & 0xffffffffUL, argument, place > 0);
}
