package hudson;

import java.util.AbstractList;

public class ExtensionList<T> extends AbstractList<T> {
    private ExtensionList() {}

    public static <U> U lookupSingleton(Class<U> a) {
        throw new AssertionError();
    }

    public static <T> ExtensionList<T> lookup(Class<T> a) {
        throw new AssertionError();
    }

    @Override
    public T get(int a) {
        throw new AssertionError();
    }

    @Override
    public int size() {
        throw new AssertionError();
    }
}
