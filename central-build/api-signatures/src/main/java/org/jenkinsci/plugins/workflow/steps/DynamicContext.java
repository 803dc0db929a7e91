package org.jenkinsci.plugins.workflow.steps;

import java.io.IOException;

public interface DynamicContext {
    <T> T get(Class<T> a, DynamicContext.DelegatedContext b) throws IOException, InterruptedException;

    interface DelegatedContext {
        <T> T get(Class<T> a) throws IOException, InterruptedException;
    }

    abstract class Typed<T> implements DynamicContext {
        public Typed() {}

        protected abstract Class<T> type();

        protected abstract T get(DynamicContext.DelegatedContext a) throws IOException, InterruptedException;

        @Override
        public final <U> U get(Class<U> a, DynamicContext.DelegatedContext b) throws IOException, InterruptedException {
            throw new AssertionError();
        }
    }
}
