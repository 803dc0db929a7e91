# title: Python multiprocessing: pool, queue, shared lock; urllib in the workers
# needs: python3
cat >app.py <<'P'
import multiprocessing, os, sys, urllib.request
def fetch(number):
    with urllib.request.urlopen("https://%s/" % os.environ["HOST"], timeout=20) as answer:
        return number, answer.status, len(answer.read())
def count(lock, total, queue):
    for _ in range(100):
        with lock: total.value += 1
    queue.put(os.getpid())
if __name__ == "__main__":
    with multiprocessing.Pool(4) as pool: print(sorted(pool.map(fetch, range(8))))
    for method in ("fork", "spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        lock, total, queue = context.Lock(), context.Value("i", 0, lock=False), context.Queue()
        workers = [context.Process(target=count, args=(lock, total, queue)) for _ in range(4)]
        for worker in workers: worker.start()
        pids = {queue.get() for _ in workers}
        for worker in workers: worker.join()
        print(method, total.value, len(pids))
P
python3 app.py
