"""Whose rights the supervisor uses, and whom it waits for. usage: identity.py lease|setfsuid|limit DIRECTORY"""
import ctypes, fcntl, os, resource, signal, sys

what, directory = sys.argv[1:3]
os.chdir(directory)
with open("file", "w") as f:
    f.write("content")

if what == "setfsuid":  # what root may not open as somebody else it cannot open through the supervisor either
    os.chmod("file", 0o600)
    ctypes.CDLL(None).setfsuid(65534)
    try:
        os.open("file", os.O_WRONLY)
        print("opened")
    except PermissionError:
        print("refused")

if what == "lease":  # the truncation waits for us, nobody waits for the truncation
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGIO])
    leased = os.open("file", os.O_RDONLY)
    while True:
        try:
            fcntl.fcntl(leased, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            break
        except BlockingIOError:  # the supervisor is about to close its descriptor of the file that was written
            pass
    child = os.fork()
    if child == 0:
        os.truncate("file", 3)
        os._exit(0)
    signal.sigwait([signal.SIGIO])
    open("other", "w").close()
    waits = os.waitpid(child, os.WNOHANG) == (0, 0)
    fcntl.fcntl(leased, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    print("waits" if waits else "ended", os.waitpid(child, 0)[1], os.stat("file").st_size)

if what == "limit":  # the supervisor survives a truncation beyond its limit of file sizes
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        os.truncate("file", 1 << 20)
        print("truncated")
    except OSError as e:
        print(os.strerror(e.errno))
