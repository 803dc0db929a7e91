package com.cloudbees.hudson.plugins.folder;

import hudson.model.Descriptor;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

public abstract class AbstractFolderPropertyDescriptor extends Descriptor<AbstractFolderProperty<?>> {
    protected AbstractFolderPropertyDescriptor() {}

    @Override
    public AbstractFolderProperty<?> newInstance(StaplerRequest2 a, JSONObject b) throws Descriptor.FormException {
        throw new AssertionError();
    }
}
