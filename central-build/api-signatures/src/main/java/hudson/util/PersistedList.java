package hudson.util;

import java.util.AbstractList;

public class PersistedList<T> extends AbstractList<T> {
    PersistedList() {}

    @Override
    public T get(int a) {
        throw new AssertionError();
    }

    @Override
    public int size() {
        throw new AssertionError();
    }
}
