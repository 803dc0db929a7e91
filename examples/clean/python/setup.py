from setuptools import setup

setup(name="clean-python", version="1.0.0", description="An honest project: a package with tests", packages=["words"])
