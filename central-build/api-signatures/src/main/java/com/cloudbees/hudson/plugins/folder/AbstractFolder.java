package com.cloudbees.hudson.plugins.folder;

import hudson.model.ItemGroup;
import hudson.model.TopLevelItem;
import hudson.util.DescribableList;

public abstract class AbstractFolder<I extends TopLevelItem> implements TopLevelItem, ItemGroup<I> {
    AbstractFolder() {}

    public DescribableList<AbstractFolderProperty<?>, AbstractFolderPropertyDescriptor> getProperties() {
        throw new AssertionError();
    }
}
