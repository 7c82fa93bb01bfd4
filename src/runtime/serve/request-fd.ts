/** File descriptor over which a measuring process gets requests, and the first of those over which they are issued. */
export const firstRequestFd = 5;
