# title: pip install
# needs: pip3
pip3 --disable-pip-version-check --no-input install --isolated --no-cache-dir --retries 0 --cert "$CA" --index-url "https://$HOST/simple/" \
    --target lib left >log 2>&1 || { tail -n 3 log >&2; exit 1; }
PYTHONPATH=lib python3 -c 'import left; print(left.left("pip"))'
