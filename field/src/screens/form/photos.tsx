import { useEffect, useState } from 'preact/hooks';
import type { Attached } from '../../engine/engine.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useWords } from '../shell/context.ts';
import type { ControlProps } from './fields.tsx';

const MOST = 6;

export function PhotosInput({ form, field, about }: ControlProps) {
  const w = useWords();
  const mine = form.files.filter((one) => one.field === field.name);
  const add = (files: File[]) => {
    const fresh = files.map((file) => ({ field: field.name, file, name: file.name || 'photo.jpg' }));
    form.attach(field.name, [...mine, ...fresh].slice(0, MOST));
  };
  return (
    <>
      {mine.length > 0 && (
        <ul class="photos">
          {mine.map((one, at) => (
            <li key={`${one.name}-${at}`}>
              <Thumb file={one.file} label={w.form.photo(at + 1)} />
              <button
                type="button"
                aria-label={w.form.removePhoto(at + 1)}
                onClick={() =>
                  form.attach(
                    field.name,
                    mine.filter((other) => other !== one),
                  )
                }
              >
                <Icon name="remove" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {mine.length < MOST ? (
        <div class="buttons">
          <Source icon="camera" label={w.form.takePhoto} about={about} camera onFiles={add} />
          <Source icon="photo" label={w.form.pickPhoto} about={about} onFiles={add} />
        </div>
      ) : (
        <p class="field-help">{w.form.mostPhotos(MOST)}</p>
      )}
    </>
  );
}

interface SourceProps {
  icon: IconName;
  label: string;
  about?: string | undefined;
  camera?: boolean;
  onFiles: (files: File[]) => void;
}

/** A button that is a choice of files; with `camera` the phone opens it at once. */
export function Source({ icon, label, about, camera = false, onFiles }: SourceProps) {
  return (
    <label class="button source">
      <Icon name={icon} />
      {label}
      <input
        type="file"
        accept="image/*"
        multiple={!camera}
        capture={camera ? 'environment' : undefined}
        aria-describedby={about}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
    </label>
  );
}

export function Thumb({ file, label }: { file: Attached['file']; label: string }) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url ? <img src={url} alt={label} /> : null;
}
