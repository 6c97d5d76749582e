// trunk's "initializer", which runs while the wasm is loaded: shows the progress of the download, or that it failed.
export default function initializer() {
  const show = (text) => {
    const progress = document.getElementById("shell-progress");
    if (progress) progress.textContent = text;
  };
  return {
    onStart: () => {},
    onProgress: ({ current, total }) => {
      if (total) show(`Loading the simulator… ${Math.min(100, Math.round((100 * current) / total))} %`);
    },
    onComplete: () => {},
    onSuccess: () => {},
    onFailure: (error) => {
      show("The simulator could not be loaded.");
      document.getElementById("crash-cause").textContent = String(error);
      document.getElementById("crash").hidden = false;
    },
  };
}
